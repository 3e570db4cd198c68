import type { SQSRecord } from "aws-lambda";
import { systemAttributesOf } from "../../infra/local/aws/sqs-message.ts";
import type { Queue } from "../../infra/local/aws/sqs-queue.ts";
import { handleOf, receiptOf } from "../../infra/local/aws/sqs-receipt.ts";
import { recordOf } from "../../infra/local/sqs-event.ts";
import type { Simulation } from "./simulation.ts";

/** Longest time from a message's being there up to its worker's beginning, in milliseconds. */
const BEGINS_MS = 2000;

/** How long after a message the same one may be handed out again, although it is hidden, in milliseconds. */
const AGAIN_MS = 60_000;

/** How often of a hundred times a message is handed out twice, and one that is done is not deleted. */
const TWICE = 5;
const KEPT = 5;

/** Hands the messages of a queue to workers, at least once, as SQS and Lambda do. */
export class PushQueue {
  readonly #queue: Queue;
  readonly #simulation: Simulation;
  readonly #work: (record: SQSRecord) => Promise<boolean>;
  #callOff: () => void = () => {};

  /** @param work gives whether a message is done */
  constructor(queue: Queue, simulation: Simulation, work: (record: SQSRecord) => Promise<boolean>) {
    this.#queue = queue;
    this.#simulation = simulation;
    this.#work = work;
  }

  /** How many messages are there. */
  get length(): number {
    return this.#queue.messages.length;
  }

  /** Hands out what is to be had now, and comes back when more may be. */
  look(): void {
    this.#callOff();
    for (let [message] = this.#queue.receive(1); message; [message] = this.#queue.receive(1)) {
      const record = recordOf(
        {
          MessageId: message.id,
          ReceiptHandle: handleOf(this.#queue.name, message),
          Body: message.body,
          Attributes: Object.fromEntries(
            Object.entries(systemAttributesOf(message)).flatMap(([name, value]) =>
              value === undefined ? [] : [[name, value]],
            ),
          ),
        },
        this.#queue.arn,
      );
      this.#hand(record, BEGINS_MS);
      if (this.#simulation.random() * 100 < TWICE) this.#hand(record, AGAIN_MS);
    }
    const { now } = this.#simulation;
    const visible = this.#queue.messages.map(({ visibleAt }) => visibleAt).filter((at) => at > now);
    if (visible.length > 0)
      this.#callOff = this.#simulation.later(Math.min(...visible) - now, () => this.look());
  }

  #hand(record: SQSRecord, withinMs: number): void {
    const delay = this.#simulation.random() * withinMs;
    this.#simulation.enter(`worker ${record.body}`, delay, () => this.#handed(record), false);
  }

  async #handed(record: SQSRecord): Promise<void> {
    const done = await this.#work(record);
    if (!done || this.#simulation.random() * 100 < KEPT) return;
    try {
      this.#queue.delete(receiptOf(this.#queue.name, record.receiptHandle));
    } catch {
      // Its time is over, and it was handed out again.
    }
    this.look();
  }
}
