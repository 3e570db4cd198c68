import type { SQSEvent, SQSRecord } from "aws-lambda";

/** What differs from a message that is handed out for the first time. */
export interface MessageParts {
  readonly id?: string;
  readonly group?: string;
  /** How often it has been handed out, this time included. */
  readonly tries?: number;
  /** The name of its queue. */
  readonly queue?: string;
}

/** A message as Lambda hands it over. A body that is no text is made JSON. */
export function queueMessage(body: unknown, parts: MessageParts = {}): SQSRecord {
  const {
    id = "message-1",
    group,
    tries = 1,
    queue = group === undefined ? "notifications" : "pushes.fifo",
  } = parts;
  return {
    messageId: id,
    receiptHandle: `receipt of ${id}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(tries),
      SentTimestamp: "1795507958000",
      SenderId: "sender",
      ApproximateFirstReceiveTimestamp: "1795507958000",
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: id, SequenceNumber: "1" }),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
    awsRegion: "us-east-1",
  };
}

/** A batch of messages. */
export function batch(...Records: SQSRecord[]): SQSEvent {
  return { Records };
}

/** The IDs of the messages that are not done. */
export function notDone({
  batchItemFailures,
}: {
  batchItemFailures: { itemIdentifier: string }[];
}): string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
