import { setImmediate as nextTurn } from "node:timers/promises";
import type { Log } from "../lib/telemetry/index.ts";
import type { Backoff } from "./backoff.ts";
import { type Parcel, takeBatch } from "./batch.ts";
import type { Delivery } from "./broker.ts";
import type { EventBus, Outcome } from "./bus.ts";
import type { Counts } from "./counts.ts";
import { entryOf, UnfitMessageError } from "./entry.ts";

export interface CarrierOptions {
  readonly bus: Pick<EventBus, "put">;
  readonly backoff: Backoff;
  readonly log: Log;
  readonly counts: Counts;
}

/**
 * Carries deliveries to the bus, one call after the other. The broker is told that a message may be forgotten only after
 * the bus has taken it.
 */
export class Carrier {
  readonly #options: CarrierOptions;
  readonly #waiting: Parcel[] = [];
  readonly #stopped = new AbortController();
  #carrying: Promise<void> | undefined;

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  /** Takes a delivery; what can never be an event is rejected at once. */
  take(delivery: Delivery): void {
    const { counts } = this.#options;
    counts.received++;
    if (this.#stopped.signal.aborted) {
      this.#release(delivery);
      return;
    }
    try {
      this.#waiting.push({ delivery, entry: entryOf(delivery.message) });
    } catch (error) {
      if (!(error instanceof UnfitMessageError)) throw error;
      this.#reject(delivery, error.message);
      return;
    }
    this.#carrying ??= this.#carry();
  }

  /** Puts what it has, each once more at most, and gives the rest back to the broker. Takes nothing from now on. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#carrying;
  }

  async #carry(): Promise<void> {
    const { backoff } = this.#options;
    const { signal } = this.#stopped;
    // Messages of one packet come one after the other; so they share a call.
    await nextTurn();
    while (this.#waiting.length > 0) {
      const failed = await this.#put(takeBatch(this.#waiting));
      if (failed.length === 0) {
        backoff.reset();
        continue;
      }
      // To the end: those that fail again and again must not hold up the others.
      this.#waiting.push(...failed);
      if (signal.aborted) this.#releaseAll();
      else await backoff.wait(signal);
    }
    this.#carrying = undefined;
  }

  /** Gives those that may be taken later. */
  async #put(batch: readonly Parcel[]): Promise<Parcel[]> {
    if (batch.length === 0) return [];
    const outcomes = await this.#options.bus.put(batch.map(({ entry }) => entry));
    const failed = batch.filter(({ delivery }, index) => !this.#settle(delivery, outcomes[index]));
    const reason = outcomes.find(({ kind }) => kind === "later");
    this.#options.counts.failed += failed.length;
    if (failed.length > 0 && reason && reason.kind !== "taken")
      this.#options.log.warn("Events not taken", {
        count: failed.length,
        code: reason.code,
        cause: reason.cause,
      });
    return failed;
  }

  /** Whether nothing is left to do about a delivery. */
  #settle(delivery: Delivery, outcome: Outcome | undefined): boolean {
    if (!outcome || outcome.kind === "later") return false;
    if (outcome.kind === "never") {
      this.#reject(delivery, `PutEvents refuses it: ${outcome.code}`);
      return true;
    }
    this.#options.counts.put++;
    delivery.accept();
    return true;
  }

  #reject(delivery: Delivery, reason: string): void {
    this.#options.counts.rejected++;
    this.#options.log.error("Message rejected", { topic: delivery.message.topic, reason });
    delivery.reject();
  }

  #releaseAll(): void {
    for (const { delivery } of this.#waiting.splice(0)) this.#release(delivery);
  }

  #release(delivery: Delivery): void {
    this.#options.counts.released++;
    delivery.release();
  }
}
