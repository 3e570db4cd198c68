import { setImmediate as nextTurn } from "node:timers/promises";
import type { Delivery } from "rhea";

/** What a broker can be told of a delivery. */
export type Verdict = "accept" | "reject" | "release";

/**
 * Tells a broker what becomes of deliveries, with one kind of verdict in each turn of the event loop: rhea 3.0.5 writes
 * what it is told in one turn as a range, with the verdict on the first for all. A message that is given back together
 * with one that is accepted would be lost.
 */
export class Verdicts {
  readonly #waiting: { readonly delivery: Delivery; readonly verdict: Verdict }[] = [];
  #telling: Promise<void> | undefined;

  /** Has the broker told soon, in the order of the calls. */
  tell(delivery: Delivery, verdict: Verdict): void {
    this.#waiting.push({ delivery, verdict });
    this.#telling ??= this.#tell();
  }

  /** Waits until rhea has written them all. */
  async told(): Promise<void> {
    await this.#telling;
  }

  async #tell(): Promise<void> {
    await nextTurn();
    while (this.#waiting.length > 0) {
      const change = this.#waiting.findIndex(({ verdict }) => verdict !== this.#waiting[0]?.verdict);
      const alike = this.#waiting.splice(0, change === -1 ? this.#waiting.length : change);
      for (const { delivery, verdict } of alike) delivery[verdict]();
      await nextTurn();
    }
    this.#telling = undefined;
  }
}
