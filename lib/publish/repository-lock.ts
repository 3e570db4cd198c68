import { randomUUID } from "node:crypto";
import { BusyError, OmpsError } from "../errors/index.ts";
import type { Repository } from "../release/index.ts";
import { BucketError, type Records, type StoredRecord } from "../staging/index.ts";
import type { Log } from "../telemetry/index.ts";
import { type Intent, isSame, openIntents, type PushRecord, parseRecord, withIntent } from "./push-record.ts";

/**
 * How long a lease lives, in milliseconds: the 60 s of the function that may take longest, and the 90 s that Quay may
 * still work on a push which we gave up, and 10 s because S3's clock counts whole seconds.
 */
export const LEASE_MS = 160_000;

/** What is kept of the request's time for the work itself when the repository is waited for, in milliseconds. */
export const WORK_RESERVE_MS = 8000;

/** Longest wait before the repository is looked at again, in milliseconds; half of it at least. */
const POLL_MS = 1000;

/** What a lock works with, for one request. */
export interface LockTools {
  readonly records: Records;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds up to the request's deadline. */
  readonly timeLeft: () => number;
  /**
   * Whether a write that was given up well before the deadline keeps the repository locked too.
   *
   * @default false
   */
  readonly keepsDoubtful?: boolean;
  /** Takes what gives a repository back after the work, where more is to be done before; else it is given back at once. */
  readonly afterwards?: (giveBack: GiveBack) => void;
}

/** @param told whether a retry is told how the work ended; else it must find out by itself */
export type GiveBack = (told: boolean) => Promise<void>;

/** What is going to be pushed. */
export type Wanted = Pick<Intent, "token" | "digest" | "given">;

/** A repository that is ours for now. */
export interface Held {
  /** The version of the same push, where one began before and its end is not known. */
  readonly begun: string | undefined;
  /** Notes which version is going to be written. Throws BusyError where the lease was lost; write nothing then. */
  note(version: string): Promise<void>;
  /** Tells that something was written which must be finished, should a later step fail. */
  written(): void;
}

/** Keeps others out of a repository while work is done in it. */
export interface Lock {
  hold<T>(repository: Repository, wanted: Wanted | undefined, work: (held: Held) => Promise<T>): Promise<T>;
}

/** Where there is no bucket, nobody is kept out, and no push is remembered. */
export const NO_LOCK: Lock = {
  hold: (_repository, _wanted, work) => work({ begun: undefined, note: async () => {}, written: () => {} }),
};

/** One holding of a repository. */
interface Lease {
  readonly key: string;
  /** That of our last write. */
  tag: string;
  intents: readonly Intent[];
  intent: Intent | undefined;
  readonly begun: string | undefined;
}

/**
 * One writer at a time for each repository, by a lease in the bucket. Quay lets two pushes of one release succeed at
 * once, so nobody writes without it. What a push is about to do is noted before it does it: a push that is asked
 * for again finds out how the first one ended, instead of repeating it.
 */
export class RepositoryLock implements Lock {
  readonly #tools: LockTools;
  readonly #holder = randomUUID();

  constructor(tools: LockTools) {
    this.#tools = tools;
  }

  /**
   * Does work that writes to a repository, while nobody else does.
   *
   * @param wanted what is pushed; none for a deletion
   * @throws BusyError when the repository is not to be had in time; nothing was done then
   */
  async hold<T>(
    { organization, repository }: Repository,
    wanted: Wanted | undefined,
    work: (held: Held) => Promise<T>,
  ): Promise<T> {
    const lease = await this.#take(`pushes/${organization}/${repository}`, wanted);
    let unfinished = false;
    const held: Held = {
      begun: lease.begun,
      note: (version) => this.#note(lease, version),
      written: () => {
        unfinished = true;
      },
    };
    try {
      const result = await work(held);
      const giveBack: GiveBack = (told) => this.#release(lease, !told);
      if (this.#tools.afterwards) this.#tools.afterwards(giveBack);
      else await giveBack(true);
      return result;
    } catch (error) {
      // What Quay may still write must find the repository locked. The lease ends by itself.
      if (!this.#isOpen(error)) {
        // What was begun before is not ended by a refusal now.
        const begun =
          lease.begun !== undefined || (error instanceof OmpsError && error.remains !== "nothing");
        await this.#release(lease, unfinished || begun);
      }
      throw error;
    }
  }

  /** Whether Quay may still write: nobody knows what a defect of ours has begun, or what we gave up at the deadline. */
  #isOpen(error: unknown): boolean {
    if (!(error instanceof OmpsError)) return true;
    const { timeLeft, keepsDoubtful } = this.#tools;
    return error.remains === "unsettled" && (keepsDoubtful === true || timeLeft() < WORK_RESERVE_MS);
  }

  async #take(key: string, wanted: Wanted | undefined): Promise<Lease> {
    const { records, timeLeft, sleep, random } = this.#tools;
    if (timeLeft() <= 0) throw busy(new Error("the request has no time left"));
    let cause: unknown;
    // Most repositories are free, and then need not be read.
    for (let read = false; ; read = true) {
      try {
        const lease = await this.#claim(key, read ? await records.read(key) : undefined, wanted);
        if (lease) return lease;
        if (!read) continue;
      } catch (error) {
        if (!(error instanceof BucketError && error.passing)) throw busy(error);
        cause = error;
      }
      if (timeLeft() < WORK_RESERVE_MS) throw busy(cause);
      await sleep((POLL_MS * (1 + random())) / 2);
    }
  }

  /** Gives undefined where somebody else has it. */
  async #claim(
    key: string,
    found: StoredRecord | undefined,
    wanted: Wanted | undefined,
  ): Promise<Lease | undefined> {
    const { holder, intents }: PushRecord = found ? parseRecord(found.content) : { intents: [] };
    // After a write whose answer was lost, the holder is us.
    const taken = holder !== undefined && holder !== this.#holder;
    if (found && taken && found.age < LEASE_MS) return undefined;
    const now = this.#tools.now();
    const begun = wanted && openIntents(intents, now).find((each) => isSame(each, wanted))?.version;
    const intent = wanted && this.#intent(wanted, begun ?? wanted.given);
    const open = withIntent(intents, intent, now);
    const tag = await this.#write(key, { holder: this.#holder, intents: open }, found?.tag);
    return tag === undefined ? undefined : { key, tag, intents: open, intent, begun };
  }

  async #note(lease: Lease, version: string): Promise<void> {
    const { intent } = lease;
    if (!intent || intent.version === version) return;
    lease.intent = this.#intent(intent, version);
    lease.intents = withIntent(lease.intents, lease.intent, this.#tools.now());
    const tag = await this.#write(
      lease.key,
      { holder: this.#holder, intents: lease.intents },
      lease.tag,
    ).catch((cause: unknown) => {
      throw busy(cause);
    });
    if (tag === undefined) throw busy(new Error("somebody else took the lease"));
    lease.tag = tag;
  }

  /** @param unfinished whether the intent stays, for its retry */
  async #release({ key, tag, intents, intent }: Lease, unfinished: boolean): Promise<void> {
    const open = unfinished ? intents : intents.filter((each) => each !== intent);
    try {
      if (open.length === 0) await this.#tools.records.remove(key, tag);
      else await this.#write(key, { intents: [...open] }, tag);
    } catch (cause) {
      this.#tools.log.warn("The lease of a repository could not be given back; it ends by itself", {
        key,
        cause,
      });
    }
  }

  #intent({ token, digest, given }: Wanted, version: string | undefined): Intent {
    return {
      token,
      digest,
      noted: this.#tools.now(),
      ...(given !== undefined && { given }),
      ...(version !== undefined && { version }),
    };
  }

  #write(key: string, record: PushRecord, replaces: string | undefined): Promise<string | undefined> {
    return this.#tools.records.write(key, JSON.stringify(record), replaces);
  }
}

/** @param cause what went wrong at S3; undefined where all is well, and somebody else has the repository */
function busy(cause: unknown): BusyError {
  const why = cause
    ? "The repository could not be locked: S3 did not answer as it should, or not in time."
    : "Another push or deletion is working on this repository, or may still be.";
  return new BusyError(`${why} Nothing was changed; try again in a minute.`, {
    cause,
    headers: { "retry-after": "60" },
  });
}
