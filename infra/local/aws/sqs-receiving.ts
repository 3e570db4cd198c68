import * as z from "zod/mini";
import { missing } from "./sqs-error.ts";
import { md5OfAttributes, md5OfBody, type QueuedMessage, systemAttributesOf } from "./sqs-message.ts";
import type { Queue } from "./sqs-queue.ts";
import { handleOf, receiptOf } from "./sqs-receipt.ts";

/** The longest that a message is hidden: 12 hours, in seconds. */
const MAX_HIDDEN = 43_200;

const names = z.optional(z.array(z.string()));
const hidden = z.int().check(z.minimum(0), z.maximum(MAX_HIDDEN));
const receiveSchema = z.strictObject({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z._default(z.int().check(z.minimum(1), z.maximum(10)), 1),
  VisibilityTimeout: z.optional(hidden),
  WaitTimeSeconds: z._default(z.int().check(z.minimum(0), z.maximum(20)), 0),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
const deleteSchema = z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.optional(z.string()) });
const hideSchema = z.extend(deleteSchema, { VisibilityTimeout: z.optional(hidden) });

/**
 * ReceiveMessage: waits as long as asked while there is no message.
 *
 * @param gone whether who asks does not wait any more: then nothing is received
 */
export async function receiveMessage(queue: Queue, input: unknown, gone: AbortSignal): Promise<object> {
  const asked = receiveSchema.parse(input);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), asked.WaitTimeSeconds * 1000).unref();
  const ended = AbortSignal.any([gone, late.signal]);
  try {
    while (!gone.aborted) {
      const since = queue.time;
      const received = queue.receive(asked.MaxNumberOfMessages, asked.VisibilityTimeout);
      if (received.length > 0) return { Messages: received.map((each) => describe(queue, each, asked)) };
      if (ended.aborted || asked.WaitTimeSeconds === 0) break;
      await queue.change(since, ended);
    }
    return {};
  } finally {
    clearTimeout(timer);
  }
}

/** DeleteMessage. A message that is deleted already is no error. */
export function deleteMessage(queue: Queue, input: unknown): object {
  const { ReceiptHandle: handle } = deleteSchema.parse(input);
  if (!handle) throw missing("ReceiptHandle");
  queue.delete(receiptOf(queue.name, handle));
  return {};
}

/** ChangeMessageVisibility: 0 shows the message at once. */
export function changeMessageVisibility(queue: Queue, input: unknown): object {
  const { ReceiptHandle: handle, VisibilityTimeout: seconds } = hideSchema.parse(input);
  if (!handle) throw missing("ReceiptHandle");
  if (seconds === undefined) throw missing("VisibilityTimeout");
  queue.hide(receiptOf(queue.name, handle), seconds);
  return {};
}

function describe(queue: Queue, message: QueuedMessage, asked: z.infer<typeof receiveSchema>): object {
  const system = asked.MessageSystemAttributeNames ?? asked.AttributeNames;
  const attributes = chosen(message.attributes ?? {}, asked.MessageAttributeNames);
  return {
    MessageId: message.id,
    ReceiptHandle: handleOf(queue.name, message),
    Body: message.body,
    MD5OfBody: md5OfBody(message.body),
    Attributes: chosen(systemAttributesOf(message), system),
    MessageAttributes: attributes,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  };
}

/** Those of the names that were asked for; undefined for none. */
function chosen<Value>(
  all: Readonly<Record<string, Value>>,
  asked: readonly string[] = [],
): Record<string, Value> | undefined {
  const entries = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (asked.includes("All") || asked.includes(name)),
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
