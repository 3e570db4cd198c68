import assert from "node:assert/strict";
import type { QuayRow } from "../fakes/quay.ts";
import type { Answer } from "../support/omps.ts";
import type { Death, Deletion, Operation, Push } from "./operations.ts";

/** One try of a client. */
export class Attempt {
  readonly operation: Operation;
  readonly number: number;
  /** The changes at Quay before it, and before its operation's first try. */
  readonly since: number;
  readonly firstSince: number;
  /** How often it waited for something outside. */
  waits = 0;
  /** Whether it gave its repository back. */
  freed = false;
  /** How many releases it made. */
  made = 0;
  /** The ID of the operation that it has queued, or works on. */
  queued: string | undefined;

  constructor(operation: Operation, number: number, since: number, firstSince = since) {
    this.operation = operation;
    this.number = number;
    this.since = since;
    this.firstSince = firstSince;
  }

  /** Whether what it asks for is done by a worker. */
  get defers(): boolean {
    return this.operation.kind === "push" && this.operation.queued !== undefined;
  }

  /** How it is to be killed; undefined: it lives on. */
  get death(): Death | undefined {
    const { death } = this.operation;
    return death?.attempt === this.number ? death : undefined;
  }

  /** How it is to be killed where it waits now. */
  get doom(): Death | undefined {
    return this.death && this.death.wait <= this.waits ? this.death : undefined;
  }

  /** For whoever reads what happened. */
  get name(): string {
    const { kind, repo, caller, given } = this.operation;
    const content = this.operation.kind === "push" ? ` content ${this.operation.content}` : "";
    return `${kind} ${repo}${content} ${given ?? "*"} of caller ${caller}, ${this.defers ? "queued, " : ""}try ${this.number}`;
  }
}

/** One try of a worker. */
export class WorkerAttempt extends Attempt {
  override readonly operation: Push;

  constructor(operation: Push, id: string, number: number, since: number) {
    super(operation, number, since);
    this.operation = operation;
    this.queued = id;
  }

  override get death(): Death | undefined {
    const death = this.operation.queued?.death;
    return death?.attempt === this.number ? death : undefined;
  }

  override get name(): string {
    return `worker of ${this.queued?.slice(0, 4)}, ${super.name}`;
  }
}

interface Change {
  readonly repo: number;
  readonly row: QuayRow;
  readonly kind: "made" | "removed";
}

/** All pushes of one content to one repository by one caller, with one version or none. */
interface Purpose {
  asked: number;
  made: number;
  removed: number;
  /** Those whose answer did not come to its caller, and that had no Idempotency-Key. */
  readonly untold: Attempt[];
}

/** What the ledger looks at. */
export interface Sight {
  rows(repo: number): readonly QuayRow[];
  isPublic(repo: number): boolean;
  /** Whether a 200 means that the repository is public. */
  readonly publishes: boolean;
  /** The digest that a content has in a repository. */
  digest(push: Push): string;
}

/**
 * All that happened at Quay, and what must be true of it.
 *
 * Once and no more: the service tells a retry from a second push on purpose by its caller, content, repository and
 * given version; for all pushes that have these in common, at most as many releases are made as were asked for. Two
 * things add to that, one for one: a release that a deletion removed may be made again by a retry that comes after it,
 * and what was done by a function that was killed before its answer went out is done again, unless it had an
 * Idempotency-Key: nobody can know that the caller was not told. The same holds for what was queued, where the answer that
 * tells its ID does not come to the caller.
 *
 * Of an operation, what holds for the answer of a request holds for its end: `succeeded` is true, and a failure that
 * says that nothing was pushed is true for all of its tries.
 */
export class Ledger {
  readonly #sight: Sight;
  readonly #rows: (readonly QuayRow[])[];
  readonly #changes: Change[] = [];
  readonly #purposes = new Map<string, Purpose>();
  readonly #makers = new Map<string, Purpose>();
  readonly #told = new Set<Operation>();
  /** By the ID of an operation: how many releases it made. */
  readonly #madeBy = new Map<string, number>();
  /** IDs of the operations whose callers were told that nothing was pushed. */
  readonly #refused = new Map<string, string>();

  constructor(sight: Sight, repos: number) {
    this.#sight = sight;
    this.#rows = Array.from({ length: repos }, () => []);
  }

  /** How many changes there were. */
  get length(): number {
    return this.#changes.length;
  }

  /** Notes that an operation was asked for on purpose. */
  asked(operation: Operation): void {
    if (operation.kind === "push") this.#purpose(operation).asked++;
  }

  /** Notes what has changed at Quay, by a request of this attempt. */
  observe(attempt: Attempt): void {
    for (const [repo, before] of this.#rows.entries()) {
      const now = this.#sight.rows(repo);
      const names = now.map(({ release }) => release);
      assert.equal(new Set(names).size, names.length, `a release is there twice: ${names.join(", ")}`);
      const made = without(now, before);
      const removed = without(before, now);
      for (const row of removed) this.#removed(repo, row, made);
      for (const row of made) this.#made(repo, row, attempt);
      this.#rows[repo] = now;
    }
  }

  /** Notes that an attempt has queued an operation. */
  queued(attempt: Attempt, id: string): void {
    attempt.queued = id;
    this.#refused.delete(id);
  }

  /** Notes that the caller does not hear of the answer. */
  untold(attempt: Attempt): void {
    const { operation } = attempt;
    if (operation.kind === "push" && !operation.keyed) this.#purpose(operation).untold.push(attempt);
  }

  /** Checks what the service says of an attempt. */
  answered(attempt: Attempt, { status, body }: Answer): void {
    const { operation } = attempt;
    if (status === 200) {
      this.#told.add(operation);
      if (operation.kind === "push") this.#checkPushed(attempt, operation, String(body["version"]));
      else this.#checkDeleted(attempt, operation, body["deleted"]);
    }
    const busy = body["error"] === "OMPSBusy" && String(body["message"]).includes("Nothing was");
    if (status === 200 || status === 202 || !(status < 500 || busy)) return;
    const what = `${attempt.name} was refused with ${status} ${String(body["error"])}, and`;
    assert.equal(attempt.made, 0, `${what} had made a release`);
    const { queued } = attempt;
    // Somebody else may be at work with the same Idempotency-Key.
    if (queued === undefined || body["error"] === "OMPSIdempotencyKeyInUse") return;
    assert.equal(this.#madeBy.get(queued) ?? 0, 0, `${what} its operation had made a release`);
    this.#refused.set(queued, what);
  }

  #made(repo: number, row: QuayRow, attempt: Attempt): void {
    const { operation } = attempt;
    assert.equal(operation.kind, "push", "a deletion made a release");
    if (operation.kind !== "push") return;
    assert.equal(row.digest, this.#sight.digest(operation), "the release has another content");
    attempt.made++;
    const { queued } = attempt;
    if (queued !== undefined) {
      assert.ok(!this.#refused.has(queued), `${this.#refused.get(queued)} made a release later`);
      this.#madeBy.set(queued, (this.#madeBy.get(queued) ?? 0) + 1);
    }
    this.#changes.push({ repo, row, kind: "made" });
    const purpose = this.#purpose(operation);
    // Of several with one purpose, one may have been told of what another one made. A given version may have been there
    // with the same content before, so that a push that Quay still works on is taken for done.
    if (purpose.asked === 1 && purpose.removed === 0 && operation.given === undefined)
      assert.ok(!this.#told.has(operation), `${attempt.name} made a release after it was answered with 200`);
    purpose.made++;
    this.#makers.set(`${repo} ${row.release}`, purpose);
    const { asked, made, removed } = purpose;
    const untold = purpose.untold.filter(({ freed, queued }) => freed || queued !== undefined).length;
    assert.ok(
      made <= asked + removed + untold,
      `${attempt.name}: ${made} releases were made of ${asked} pushes, ${removed} were deleted, ${untold} not told of`,
    );
  }

  #removed(repo: number, row: QuayRow, made: readonly QuayRow[]): void {
    assert.ok(!made.some(({ release }) => release === row.release), `${row.release} was clobbered`);
    this.#changes.push({ repo, row, kind: "removed" });
    const maker = this.#makers.get(`${repo} ${row.release}`);
    if (maker) maker.removed++;
  }

  #checkPushed(attempt: Attempt, push: Push, version: string): void {
    const digest = this.#sight.digest(push);
    const isOurs = (row: QuayRow) => row.release === version && row.digest === digest;
    const live = this.#sight.rows(push.repo).some(isOurs);
    const removed = this.#since(attempt).some(
      ({ repo, row, kind }) => kind === "removed" && repo === push.repo && isOurs(row),
    );
    assert.ok(live || removed, `${attempt.name}: 200 tells of ${version}, which is not there`);
    if (push.given !== undefined) assert.equal(version, push.given, `${attempt.name}: another version`);
    if (this.#sight.publishes)
      assert.ok(this.#sight.isPublic(push.repo), `${attempt.name}: it is not public`);
  }

  #checkDeleted(attempt: Attempt, deletion: Deletion, deleted: unknown): void {
    assert.ok(Array.isArray(deleted) && deleted.length > 0, `${attempt.name}: 200 without a deletion`);
    for (const release of deleted) {
      const live = this.#sight.rows(deletion.repo).some((row) => row.release === release);
      const made = this.#since(attempt).some(
        ({ repo, row, kind }) => kind === "made" && repo === deletion.repo && row.release === release,
      );
      assert.ok(!live || made, `${attempt.name}: 200, but ${release} is still there`);
    }
  }

  /** What changed while the answer was made; a kept one was made in an earlier try. */
  #since({ operation, defers, since, firstSince }: Attempt): readonly Change[] {
    return this.#changes.slice(operation.keyed || defers ? firstSince : since);
  }

  #purpose({ caller, content, repo, given }: Push): Purpose {
    const key = [caller, content, repo, given].join(" ");
    const purpose = this.#purposes.get(key) ?? { asked: 0, made: 0, removed: 0, untold: [] };
    this.#purposes.set(key, purpose);
    return purpose;
  }
}

/** The rows that are not among the others. */
function without(rows: readonly QuayRow[], others: readonly QuayRow[]): QuayRow[] {
  return rows.filter(
    (row) => !others.some(({ release, digest }) => release === row.release && digest === row.digest),
  );
}
