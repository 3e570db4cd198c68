import type { Clock } from "./account.ts";
import { Queue } from "./sqs-queue.ts";

/** How long a received message is hidden where nothing else is said, in seconds. */
const VISIBILITY = 30;

/** A queue that is there from the start. */
export interface QueueDeclaration {
  /** That of a FIFO queue ends in `.fifo`. */
  readonly name: string;
  /** Seconds for which a received message is hidden; 30 unless told. */
  readonly visibilityTimeout?: number;
  /** Where messages are put aside that were received so often: a declared queue, of the same kind. */
  readonly deadLetters?: { readonly queue: string; readonly maxReceiveCount: number };
}

/**
 * Makes the queues, by their names.
 *
 * @throws Error for dead letters that lead to no queue, or to one of another kind
 */
export function declaredQueues(declarations: readonly QueueDeclaration[], now: Clock): Map<string, Queue> {
  const queues = new Map(
    declarations.map(({ name, visibilityTimeout = VISIBILITY }) => [
      name,
      new Queue(name, visibilityTimeout, now),
    ]),
  );
  for (const { name, deadLetters } of declarations) {
    const queue = queues.get(name);
    if (!queue || !deadLetters) continue;
    const target = queues.get(deadLetters.queue);
    if (target?.fifo !== queue.fifo) {
      throw new Error(`${name}: its dead letters cannot go to ${deadLetters.queue}.`);
    }
    queue.deadLetters = { queue: target, maxReceiveCount: deadLetters.maxReceiveCount };
  }
  return queues;
}
