import { REAL_TIMER, type Timer } from "../timer.ts";

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
  readonly #timer: Timer;
  readonly #callOff: readonly (() => void)[];
  readonly #at: number;

  /**
   * @param milliseconds time that is left
   * @param timer the machine's unless told
   */
  constructor(milliseconds: number, timer: Timer = REAL_TIMER) {
    const left = Math.max(0, milliseconds);
    this.#timer = timer;
    this.#at = timer.elapsed() + left;
    this.#passed.promise.catch(() => {});
    this.#callOff = [
      timer.after(left, () => this.#controller.abort()),
      timer.after(left + GRACE_MS, () => this.#passed.reject(new Error("the deadline has passed"))),
    ];
  }

  /** Aborted at the deadline. Every call to another service takes it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds up to it. */
  get left(): number {
    return Math.max(0, this.#at - this.#timer.elapsed());
  }

  /** Gives the result of the work, or rejects soon after the deadline. */
  hold<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#passed.promise]);
  }

  /** Frees its timers, and ends what still works. */
  end(): void {
    for (const callOff of this.#callOff) callOff();
    this.#controller.abort();
  }
}
