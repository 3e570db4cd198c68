import type { Log } from "../lib/telemetry/index.ts";
import type { Backoff } from "./backoff.ts";
import type { Delivery, Subscribe, Subscription } from "./broker.ts";

export interface StayingConnected {
  readonly subscribe: Subscribe;
  readonly take: (delivery: Delivery) => void;
  readonly backoff: Backoff;
  readonly log: Log;
  /** Called with each new subscription. */
  readonly onSubscribed: () => void;
}

/** A connection to the broker that is made again, for ever, whenever it is lost. */
export class Connection {
  readonly #options: StayingConnected;
  readonly #stopped = new AbortController();
  readonly #staying: Promise<void>;
  #subscription: Subscription | undefined;

  /** Connects at once. */
  constructor(options: StayingConnected) {
    this.#options = options;
    this.#staying = this.#stay();
  }

  /** Takes no more deliveries. Those that are there can still be told of. */
  async stopTaking(): Promise<void> {
    this.#stopped.abort();
    await this.#subscription?.stopTaking();
  }

  /** Ends the connection, after what was told of deliveries. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#subscription?.close();
    await this.#staying;
  }

  async #stay(): Promise<void> {
    const { backoff, log, onSubscribed, subscribe, take } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        this.#subscription = await subscribe(take);
        backoff.reset();
        onSubscribed();
        log.info("Subscribed");
        if (signal.aborted) await this.#subscription.close();
        const cause = await this.#subscription.ended;
        if (!signal.aborted) log.warn("Connection lost", { cause });
      } catch (cause) {
        log.warn("Cannot subscribe", { cause });
      }
      this.#subscription = undefined;
      await backoff.wait(signal);
    }
  }
}
