import { createHash } from "node:crypto";

/** An attribute that the sender gives a message. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue: string;
}

/** A message as it is sent. */
export interface MessageDraft {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>> | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** A message in a queue. Times are in milliseconds since 1970. */
export interface QueuedMessage extends MessageDraft {
  readonly id: string;
  readonly sent: number;
  readonly sequenceNumber?: string;
  /** The queue that gave it up. */
  readonly deadLetterSource?: string;
  visibleAt: number;
  receiveCount: number;
  firstReceived: number;
}

/** What SQS tells of a received message, by the names of its attributes. */
export function systemAttributesOf(message: QueuedMessage): Record<string, string | undefined> {
  return {
    SenderId: "local",
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
}

/** The checksum of a body, which the SDK compares. */
export function md5OfBody(body: string): string {
  return createHash("md5").update(body).digest("hex");
}

/** The checksum of the sender's attributes: of their names, types and values, each after its length. */
export function md5OfAttributes(attributes: MessageDraft["attributes"] = {}): string | undefined {
  const named = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (named.length === 0) return undefined;
  const hash = createHash("md5");
  for (const [name, { DataType, StringValue }] of named) {
    hash.update(withLength(name)).update(withLength(DataType));
    hash.update(Buffer.of(1)).update(withLength(StringValue));
  }
  return hash.digest("hex");
}

/** The size that is limited: of the body and the sender's attributes, in bytes. */
export function sizeOf({ body, attributes = {} }: MessageDraft): number {
  const texts = Object.entries(attributes).flatMap(([name, each]) => [name, each.DataType, each.StringValue]);
  return [body, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function withLength(text: string): Buffer {
  const content = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
