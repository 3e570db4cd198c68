import type { Operation, Operations, StoredOperation } from "../operations/index.ts";
import type { Step } from "../telemetry/index.ts";
import type { Timer } from "../timer.ts";

/** A step that lasts so long is told, in milliseconds. Most do not, and then cost no write. */
export const STEP_TOLD_MS = 1000;

/** One try of an operation, which is ours until it has ended. */
export class OperationRun {
  readonly id: string;
  readonly #operations: Operations;
  readonly #timer: Timer;
  #stored: StoredOperation;
  #callOff: () => void = () => {};
  /** Writes are done one after the other: each needs the tag of the one before. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(operations: Operations, id: string, stored: StoredOperation, timer: Timer) {
    this.#operations = operations;
    this.id = id;
    this.#stored = stored;
    this.#timer = timer;
  }

  /**
   * Begins a try; gives undefined where somebody else did.
   *
   * @param last whether no message comes after that of this try
   * @throws BucketError
   */
  static async begin(
    operations: Operations,
    id: string,
    { operation, tag }: StoredOperation,
    { timer, last }: { readonly timer: Timer; readonly last: boolean },
  ): Promise<OperationRun | undefined> {
    const running = { ...operation, status: "running", tries: operation.tries + 1, last } as const;
    const stored = await operations.save(id, running, tag);
    return stored && new OperationRun(operations, id, stored, timer);
  }

  get operation(): Operation {
    return this.#stored.operation;
  }

  /** Tells what it is doing, where that lasts. That it cannot be told changes nothing. */
  tell(step: Step): void {
    this.#callOff();
    this.#callOff = this.#timer.after(STEP_TOLD_MS, () => this.#write({ step }).catch(() => {}));
  }

  /** Gives it back to the queue. Throws BucketError. */
  async postpone(): Promise<void> {
    this.#callOff();
    await this.#write({ status: "queued", step: "waiting to be tried again" });
  }

  /** Ends it; gives whether that is kept. Throws BucketError. */
  async end(status: "succeeded" | "failed", answer: object): Promise<boolean> {
    this.#callOff();
    await this.#last.catch(() => {});
    const ended = await this.#replace((stored) =>
      this.#operations.end(this.id, stored, status, { ...answer }),
    );
    return ended !== undefined;
  }

  #write(change: Partial<Operation>): Promise<void> {
    const written = this.#last
      .catch(() => {})
      .then(async () => {
        await this.#replace(({ operation, tag }) =>
          this.#operations.save(this.id, { ...operation, ...change }, tag),
        );
      });
    this.#last = written;
    return written;
  }

  /** Does a write; gives undefined where somebody else has taken over. */
  async #replace(
    write: (stored: StoredOperation) => Promise<StoredOperation | undefined>,
  ): Promise<StoredOperation | undefined> {
    let written = await write(this.#stored);
    if (!written) {
      // A write of our own whose answer was lost has changed the tag as well.
      const found = await this.#operations.find(this.id);
      if (!found || !this.#isOurs(found.operation)) return undefined;
      written = await write(found);
    }
    this.#stored = written ?? this.#stored;
    return written;
  }

  /** Each try counts one more, and no two begin the same. */
  #isOurs({ ended, tries, created }: Operation): boolean {
    return ended === undefined && tries === this.operation.tries && created === this.operation.created;
  }
}
