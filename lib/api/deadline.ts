import type { CallDeadline } from "../http/index.ts";

/** API Gateway ends a request 30 s after it began, cold start included; this long we work, in milliseconds. */
export const GATEWAY_DEADLINE_MS = 28_500;

/** What is kept of the Lambda's remaining time for the answer, in milliseconds. */
export const ANSWER_RESERVE_MS = 1000;

/** How long after the deadline work that does not heed its signal is waited for, in milliseconds. */
const GRACE_MS = 250;

/** When the work on a request must end. `end` frees its timers. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #passed = Promise.withResolvers<never>();
  readonly #over = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #at: number;

  /** @param milliseconds time that is left */
  constructor(milliseconds: number) {
    const left = Math.max(0, milliseconds);
    this.#at = performance.now() + left;
    this.#passed.promise.catch(() => {});
    this.#timers = [
      setTimeout(() => this.#controller.abort(), left),
      setTimeout(() => {
        this.#over.abort();
        this.#passed.reject(new Error("the deadline has passed"));
      }, left + GRACE_MS),
    ];
  }

  /** Aborted at the deadline. Every call to another service takes it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds up to it. */
  get left(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** The deadline of what must still be put in order after it. */
  get grace(): CallDeadline {
    return { signal: this.#over.signal, left: this.left + GRACE_MS };
  }

  /** Gives the result of the work, or rejects soon after the deadline. */
  hold<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#passed.promise]);
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
