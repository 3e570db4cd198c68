import { randomUUID } from "node:crypto";
import { ACCOUNT, type Clock, REGION } from "./account.ts";
import { RecentMessages } from "./sqs-deduplication.ts";
import { SqsError } from "./sqs-error.ts";
import type { MessageDraft, QueuedMessage } from "./sqs-message.ts";
import type { Receipt } from "./sqs-receipt.ts";

/** The longest that one timer waits, in milliseconds: the longest that a call may wait for messages. */
const LONGEST_WAIT_MS = 20_000;

/** Where a queue puts aside what was received too often. */
export interface DeadLetters {
  readonly queue: Queue;
  readonly maxReceiveCount: number;
}

/** A queue and its messages. One whose name ends in `.fifo` is a FIFO queue. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** Seconds for which a received message is hidden, unless told otherwise. */
  readonly visibilityTimeout: number;
  /** Set once all queues are there. */
  deadLetters: DeadLetters | undefined;
  readonly #now: Clock;
  readonly #recent = new RecentMessages();
  readonly #waiting = new Set<() => void>();
  #messages: QueuedMessage[] = [];
  #sent = 0n;

  constructor(name: string, visibilityTimeout: number, now: Clock) {
    this.name = name;
    this.arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
    this.fifo = name.endsWith(".fifo");
    this.visibilityTimeout = visibilityTimeout;
    this.#now = now;
  }

  /** All messages, also hidden ones, in the order in which they were sent. */
  get messages(): readonly Readonly<QueuedMessage>[] {
    return this.#messages;
  }

  /** How many calls wait for messages. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Forgets all messages. */
  clear(): void {
    this.#messages = [];
    this.#recent.clear();
  }

  /** Adds a message. Gives the earlier one instead, where a FIFO queue knows its deduplication ID. */
  send(draft: MessageDraft): Readonly<QueuedMessage> {
    const sent = this.#now();
    const known = this.fifo ? this.#recent.find(draft.deduplicationId, sent) : undefined;
    if (known) return known;
    const message: QueuedMessage = {
      ...draft,
      id: randomUUID(),
      sent,
      ...(this.fifo && { sequenceNumber: String(++this.#sent).padStart(20, "0") }),
      visibleAt: sent,
      receiveCount: 0,
      firstReceived: 0,
    };
    this.#recent.add(message);
    this.#add(message);
    return message;
  }

  /**
   * Receives messages: hides them for some seconds. What was received too often is put aside first.
   *
   * @param most how many at most
   */
  receive(most: number, visibilityTimeout = this.visibilityTimeout): Readonly<QueuedMessage>[] {
    this.#putAside();
    const now = this.#now();
    const received = this.#receivable(now).slice(0, most);
    for (const message of received) {
      if (message.receiveCount === 0) message.firstReceived = now;
      message.receiveCount++;
      message.visibleAt = now + visibilityTimeout * 1000;
    }
    return received;
  }

  /** Deletes a message, if this was its last receipt. */
  delete(receipt: Receipt): void {
    const message = this.#received(receipt);
    if (!message) return;
    this.#messages = this.#messages.filter((each) => each !== message);
    this.#wake();
  }

  /**
   * Hides a received message for so many seconds from now.
   *
   * @throws SqsError where it is not hidden any more
   */
  hide(receipt: Receipt, seconds: number): void {
    const message = this.#received(receipt);
    if (!message) throw invalidReceipt("Message does not exist or is not available for visibility change.");
    if (message.visibleAt <= this.#now()) {
      throw new SqsError("MessageNotInflight", "The message is not in flight.");
    }
    message.visibleAt = this.#now() + seconds * 1000;
    this.#wake();
  }

  /** How many messages are visible, also those behind a hidden one of their group, and how many are hidden. */
  count(): { readonly visible: number; readonly hidden: number } {
    const visible = this.#messages.filter(({ visibleAt }) => visibleAt <= this.#now()).length;
    return { visible, hidden: this.#messages.length - visible };
  }

  /** The time by the queue's clock. */
  get time(): number {
    return this.#now();
  }

  /**
   * Waits until there may be something to receive, or the signal. The process need not stay for it.
   *
   * @param since when there was nothing: what has become visible after that, also before this call, ends the wait
   */
  async change(since: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    const hidden = this.#messages.filter(({ visibleAt }) => visibleAt > since);
    const left = hidden.map(({ visibleAt }) => visibleAt - this.#now());
    const timer = setTimeout(end, Math.min(LONGEST_WAIT_MS, ...left)).unref();
    this.#waiting.add(end);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(end);
    signal.removeEventListener("abort", end);
  }

  #add(message: QueuedMessage): void {
    this.#messages.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #receivable(now: number): QueuedMessage[] {
    const visible = this.#messages.filter(({ visibleAt }) => visibleAt <= now);
    if (!this.fifo) return visible;
    const hidden = this.#messages.filter(({ visibleAt }) => visibleAt > now);
    const locked = new Set(hidden.map(({ groupId }) => groupId));
    const free = visible.filter(({ groupId }) => !locked.has(groupId));
    // SQS gives as many of one group as it can before it goes on to the next.
    return [...Map.groupBy(free, ({ groupId }) => groupId).values()].flat();
  }

  #putAside(): void {
    const { queue, maxReceiveCount } = this.deadLetters ?? {};
    if (!queue || maxReceiveCount === undefined) return;
    const now = this.#now();
    const spent = this.#messages.filter(
      ({ receiveCount, visibleAt }) => receiveCount >= maxReceiveCount && visibleAt <= now,
    );
    this.#messages = this.#messages.filter((message) => !spent.includes(message));
    for (const message of spent) queue.#add({ ...message, deadLetterSource: this.arn, visibleAt: now });
  }

  /** The message, if this was its last receipt. A FIFO queue takes no receipt whose time is over. */
  #received({ messageId, receiveCount }: Receipt): QueuedMessage | undefined {
    const message = this.#messages.find(({ id }) => id === messageId);
    if (!message) return undefined;
    const last = message.receiveCount === receiveCount;
    if (this.fifo && (!last || message.visibleAt <= this.#now())) {
      throw invalidReceipt("The receipt handle has expired.");
    }
    return last ? message : undefined;
  }
}

function invalidReceipt(reason: string): SqsError {
  return new SqsError(
    "InvalidParameterValue",
    `Value for parameter ReceiptHandle is invalid. Reason: ${reason}`,
  );
}
