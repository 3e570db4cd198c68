import { setTimeout as sleep } from "node:timers/promises";

/** How long is waited after failures, in milliseconds. */
export interface BackoffOptions {
  /** The most after the first failure; it doubles with each further one. */
  readonly firstMs: number;
  /** The most after any. */
  readonly longestMs: number;
  readonly random?: () => number;
  /** Waits; may reject when the signal ends it. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Waits after failures, the longer the more there were in a row, with full jitter. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Notes a success: the next failure is the first one again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits after a failure; not at all, or no longer, once the signal is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    const { firstMs, longestMs, random = Math.random, pause = defaultPause } = this.#options;
    const most = Math.min(longestMs, firstMs * 2 ** this.#failures++);
    if (signal.aborted) return;
    try {
      await pause(random() * most, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

function defaultPause(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return sleep(milliseconds, undefined, { signal });
}
