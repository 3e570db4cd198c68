import assert from "node:assert/strict";
import type { SQSRecord } from "aws-lambda";
import * as z from "zod/mini";
import { OPERATION_LIFE_MS } from "../../lib/operations/index.ts";
import { LEASE_MS } from "../../lib/publish/repository-lock.ts";
import type { Answer } from "../support/omps.ts";
import { CLIENTS } from "./clients.ts";
import { contentOf, repositoryOf } from "./contents.ts";
import type { Failures } from "./faults.ts";
import { Functions } from "./functions.ts";
import { Attempt, Ledger, WorkerAttempt } from "./ledger.ts";
import { CHOICES, type Operation, type Push } from "./operations.ts";
import { PushQueue } from "./push-queue.ts";
import { CRASHED, endOf, nameOf, questionOf, requestOf } from "./requests.ts";
import { type Actor, Simulation } from "./simulation.ts";
import { SqsWire } from "./sqs-wire.ts";
import { ORGANIZATION, PUSHES, type Surroundings } from "./surroundings.ts";
import { QuayWire, S3_WORKS_MS, S3Wire, type Scene } from "./wires.ts";

/** What one schedule has of its own. */
export interface ScheduleSettings {
  /** Decides whose turn it is. */
  readonly seed: number;
  /** How often of a hundred times time passes while somebody waits for an answer. */
  readonly sluggish: number;
  /** Whether the organization's repositories are made public. */
  readonly public: boolean;
}

/** One schedule: the service, its callers, and all that goes wrong. */
export class Schedule implements Scene {
  readonly simulation: Simulation;
  readonly ledger: Ledger;
  readonly #counts: Map<string, number>;
  readonly #functions: Functions;
  readonly #workers: PushQueue;
  readonly #quay: QuayWire;
  readonly #s3: S3Wire;
  readonly #sqs: SqsWire;
  readonly #attempts = new Map<Actor, Attempt>();
  /** By the IDs of their operations. */
  readonly #queued = new Map<string, Push>();
  #keys = 0;

  /** @param counts gets how often each thing happened */
  constructor(around: Surroundings, settings: ScheduleSettings, counts: Map<string, number>) {
    around.reset();
    this.#counts = counts;
    const simulation = new Simulation(settings.seed, around.clock, settings.sluggish);
    this.simulation = simulation;
    const { quay, aws } = around;
    const fullName = (repo: number) => `${ORGANIZATION}/${repositoryOf(repo)}`;
    const sight = {
      rows: (repo: number) => quay.rows(fullName(repo)),
      isPublic: (repo: number) => quay.packages()[fullName(repo)]?.visibility === "public",
      publishes: settings.public,
      digest: (push: Push) => contentOf(push).digest,
    };
    this.ledger = new Ledger(sight, CHOICES.repos);
    const config = JSON.stringify({
      quay_url: quay.url,
      kojihub_url: quay.url,
      kojiroot_url: quay.url,
      log_level: "ERROR",
      organizations: { [ORGANIZATION]: { public: settings.public } },
    });
    this.#functions = new Functions(around, simulation, config);
    const pushes = aws.sqs.queues.get(PUSHES);
    if (!pushes) throw new Error("there is no queue of pushes");
    this.#workers = new PushQueue(pushes, simulation, (record) => this.#work(record));
    this.#quay = new QuayWire(this);
    this.#s3 = new S3Wire(this, aws.s3.objects);
    this.#sqs = new SqsWire(this, (...call) => this.#messaged(...call));
    const directors = { quay: this.#quay, s3: this.#s3.turn, sqs: this.#sqs.turn };
    around.direct(directors, (error) => simulation.fail(error));
  }

  attempt(): Attempt {
    const attempt = this.#attempts.get(this.simulation.working);
    if (!attempt) throw new Error("who works has nothing to do");
    return attempt;
  }

  async kill(attempt: Attempt): Promise<void> {
    this.count("killed handlers");
    await this.#functions.kill(attempt);
  }

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** Has operations done side by side, each with the retries of its client, while these things go wrong. */
  async group(operations: readonly Operation[], { quay, s3, sqs }: Failures): Promise<void> {
    this.#quay.script.begin(quay);
    this.#s3.script.begin(s3);
    this.#sqs.script.begin(sqs);
    for (const operation of operations)
      this.simulation.enter(JSON.stringify(operation), operation.after * 1000, () => this.#serve(operation));
    await this.simulation.run();
    for (const { script } of [this.#quay, this.#s3, this.#sqs]) script.begin([]);
  }

  /** At the end, the lease time after the last write of a lease, each repository must be to be had at once. */
  async close(): Promise<void> {
    await this.#drain();
    await this.simulation.pass(S3_WORKS_MS);
    await this.simulation.pass(LEASE_MS + 1000);
    this.simulation.sluggish = 0;
    for (let repo = 0; repo < CHOICES.repos; repo++) {
      const { now } = this.simulation;
      const last: Push = {
        kind: "push",
        repo,
        caller: 0,
        content: CHOICES.contents,
        given: undefined,
        client: "once",
        keyed: false,
        lost: 0,
        after: 0,
        death: undefined,
        queued: undefined,
      };
      const before = this.ledger.length;
      await this.group([last], NOTHING);
      assert.equal(this.simulation.now, now, `${repositoryOf(repo)} is not free after the lease time`);
      assert.equal(
        this.ledger.length,
        before + 1,
        `${repositoryOf(repo)} does not work after the lease time`,
      );
    }
    await this.#checkEnds();
  }

  /** Lets the workers do what is queued. */
  async #drain(): Promise<void> {
    const last = this.simulation.now + OPERATION_LIFE_MS;
    while (this.#workers.length > 0) {
      assert.ok(this.simulation.now < last, "a message is not done within a day");
      await this.simulation.pass(60_000);
    }
    await this.simulation.drain();
  }

  async #serve(operation: Operation): Promise<void> {
    const { simulation, ledger } = this;
    const client = CLIENTS[operation.client];
    const key = operation.keyed ? `key-${this.#keys++}` : undefined;
    this.count(`operations: ${operation.kind} (${operation.client})`);
    ledger.asked(operation);
    const first = ledger.length;
    for (let tried = 1; ; tried++) {
      const attempt = new Attempt(operation, tried, ledger.length, first);
      const answer = await this.#try(attempt, key);
      const lost = (operation.keyed || attempt.defers) && tried <= operation.lost;
      if (
        lost ||
        !answer ||
        String(answer.body["message"]).startsWith("It is not known whether the push was queued")
      )
        ledger.untold(attempt);
      const heard = lost ? undefined : (answer ?? CRASHED);
      const end = heard?.status === 202 ? await this.#follow(attempt, heard) : heard;
      // Who no longer asks how it goes does not push again: that would be a second push.
      if (end?.status === 202 || tried === client.tries || !client.retries(end)) return;
      await simulation.sleep(client.pause(tried, end));
    }
  }

  /** Gives undefined where the function was killed. */
  async #try(attempt: Attempt, key: string | undefined): Promise<Answer | undefined> {
    this.#attempts.set(this.simulation.working, attempt);
    const answer = await this.#functions.answer(attempt, requestOf(attempt.operation, key));
    this.count(`attempts answered: ${nameOf(answer)}`);
    this.simulation.note(`${attempt.name}: answer ${JSON.stringify(answer ?? "killed").slice(0, 200)}`);
    if (answer) this.ledger.answered(attempt, answer);
    return answer;
  }

  /** Asks how an operation goes, until it has ended. Gives that it was accepted where the patience ends before. */
  async #follow(attempt: Attempt, accepted: Answer): Promise<Answer> {
    const { operation } = attempt;
    const id = String(accepted.body["id"]);
    const asks = operation.kind === "push" ? (operation.queued?.asks ?? 0) : 0;
    // Who asks is not killed.
    this.#attempts.set(this.simulation.working, new Attempt(operation, 0, attempt.firstSince));
    for (let asked = 1; asked <= asks; asked++) {
      await this.simulation.sleep(ASK_AGAIN_MS * asked);
      const told = await this.#functions.tell(questionOf(operation, id));
      const end = endOf(told);
      this.simulation.note(`${attempt.name}: told ${JSON.stringify(told).slice(0, 300)}`);
      if (end) return this.#ended(attempt, id, end);
    }
    return accepted;
  }

  #ended(attempt: Attempt, id: string, end: Answer): Answer {
    const { operation, number, firstSince } = attempt;
    const asker = new Attempt(operation, number, firstSince);
    asker.queued = id;
    this.count(`operations told: ${nameOf(end)}`);
    this.ledger.answered(asker, end);
    return end;
  }

  /** Has a message worked on; gives whether it is done. */
  async #work(record: SQSRecord): Promise<boolean> {
    const { operation: id } = jobSchema.parse(JSON.parse(record.body));
    const push = this.#queued.get(id);
    if (!push) throw new Error(`nobody has queued ${id}`);
    const attempt = new WorkerAttempt(
      push,
      id,
      Number(record.attributes.ApproximateReceiveCount),
      this.ledger.length,
    );
    this.#attempts.set(this.simulation.working, attempt);
    const done = await this.#functions.work(attempt, record);
    this.count(`messages: ${done ? "done" : "to be tried again"}`);
    this.simulation.note(`${attempt.name}: ${done ? "done" : "to be tried again"}`);
    return done;
  }

  /** Notes what a call of SQS has changed. */
  #messaged(attempt: Attempt, operation: string, input: unknown): void {
    if (
      operation === "SendMessage" &&
      attempt.operation.kind === "push" &&
      !(attempt instanceof WorkerAttempt)
    ) {
      const { operation: id } = jobSchema.parse(JSON.parse(sentSchema.parse(input).MessageBody));
      this.#queued.set(id, attempt.operation);
      this.ledger.queued(attempt, id);
    }
    this.#workers.look();
  }

  /** What the end of each operation tells is true, and after its life each has ended. */
  async #checkEnds(): Promise<void> {
    const open = await this.#tellAll([...this.#queued.keys()]);
    await this.simulation.pass(OPERATION_LIFE_MS);
    assert.deepEqual(await this.#tellAll(open), [], "there are operations without an end");
  }

  /** Gives those that have not ended. */
  async #tellAll(ids: readonly string[]): Promise<string[]> {
    const open: string[] = [];
    this.simulation.enter("who asks in the end", 0, async () => {
      for (const id of ids) {
        const push = this.#queued.get(id);
        if (!push) continue;
        const asker = new Attempt(push, 0, 0);
        this.#attempts.set(this.simulation.working, asker);
        const end = endOf(await this.#functions.tell(questionOf(push, id)));
        if (end) this.#ended(asker, id, end);
        else open.push(id);
      }
    });
    await this.simulation.run();
    return open;
  }
}

/** Nothing goes wrong. */
const NOTHING: Failures = { quay: [], s3: [], sqs: [] };

const jobSchema = z.object({ operation: z.string() });
const sentSchema = z.object({ MessageBody: z.string() });

/** How much longer a caller waits each time before he asks how a push goes, in milliseconds. */
const ASK_AGAIN_MS = 2000;
