import type { QueuedMessage } from "./sqs-message.ts";

/** How long a FIFO queue knows a deduplication ID, in milliseconds. */
const KNOWN_MS = 5 * 60_000;

/** What was sent with which deduplication ID, whether or not it is still in the queue. */
export class RecentMessages {
  readonly #known = new Map<string, QueuedMessage>();

  clear(): void {
    this.#known.clear();
  }

  add(message: QueuedMessage): void {
    if (message.deduplicationId !== undefined) this.#known.set(message.deduplicationId, message);
  }

  /** The message that has been sent with this ID in the last five minutes. */
  find(deduplicationId: string | undefined, now: number): QueuedMessage | undefined {
    const message = this.#known.get(deduplicationId ?? "");
    return message && now < message.sent + KNOWN_MS ? message : undefined;
  }
}
