import * as z from "zod/mini";
import { missing, SqsError } from "./sqs-error.ts";
import { type MessageDraft, md5OfAttributes, md5OfBody, sizeOf } from "./sqs-message.ts";
import type { Queue } from "./sqs-queue.ts";

/** The limit of a message, and of all messages of a batch together, in bytes. */
const MAX_BYTES = 1_048_576;

/** How many messages a batch has at most. */
const MAX_ENTRIES = 10;

/** What no message may have in it: what XML 1.0 has no place for. */
const NO_TEXT = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const message = {
  MessageBody: z.optional(z.string()),
  MessageAttributes: z.optional(
    z.record(z.string(), z.strictObject({ DataType: z.string(), StringValue: z.string() })),
  ),
  MessageGroupId: z.optional(z.string()),
  MessageDeduplicationId: z.optional(z.string()),
};
const sendSchema = z.strictObject({ QueueUrl: z.string(), ...message });
const entrySchema = z.strictObject({ Id: z.string(), ...message });
const batchSchema = z.strictObject({ QueueUrl: z.string(), Entries: z.array(entrySchema) });

/** SendMessage. */
export function sendMessage(queue: Queue, input: unknown): object {
  return send(queue, sendSchema.parse(input));
}

/** SendMessageBatch: each of its messages is sent or refused for itself. */
export function sendMessageBatch(queue: Queue, input: unknown): object {
  const { Entries: entries } = batchSchema.parse(input);
  refuseBatch(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const { Id, ...entry } of entries) {
    try {
      Successful.push({ Id, ...send(queue, entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function send(queue: Queue, input: Omit<z.infer<typeof entrySchema>, "Id">): object {
  const draft = draftOf(input);
  refuseDraft(queue, draft);
  const { id, sequenceNumber } = queue.send(draft);
  return {
    MessageId: id,
    MD5OfMessageBody: md5OfBody(draft.body),
    MD5OfMessageAttributes: md5OfAttributes(draft.attributes),
    SequenceNumber: sequenceNumber,
  };
}

function draftOf(input: Omit<z.infer<typeof entrySchema>, "Id">): MessageDraft {
  return {
    body: input.MessageBody ?? "",
    attributes: input.MessageAttributes,
    groupId: input.MessageGroupId,
    deduplicationId: input.MessageDeduplicationId,
  };
}

function refuseDraft({ fifo }: Queue, draft: MessageDraft): void {
  if (draft.body === "") throw missing("MessageBody");
  if (NO_TEXT.test(draft.body)) {
    throw new SqsError("InvalidMessageContents", "The message has characters outside the allowed set.");
  }
  if (sizeOf(draft) > MAX_BYTES) throw invalid(`Message must be shorter than ${MAX_BYTES} bytes.`);
  if (!fifo && draft.deduplicationId !== undefined) {
    throw invalid("The request includes a parameter that is not valid for this queue type.");
  }
  if (!fifo) return;
  if (!draft.groupId) throw missing("MessageGroupId");
  if (!draft.deduplicationId) throw invalid("MessageDeduplicationId must be provided explicitly.");
}

function refuseBatch(entries: readonly z.infer<typeof entrySchema>[]): void {
  if (entries.length === 0) throw new SqsError("EmptyBatchRequest", "There is no entry in the request.");
  if (entries.length > MAX_ENTRIES) {
    throw new SqsError("TooManyEntriesInBatchRequest", `A batch has ${MAX_ENTRIES} messages at most.`);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new SqsError("BatchEntryIdsNotDistinct", "An Id is repeated.");
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(draftOf(entry)), 0);
  if (bytes > MAX_BYTES) {
    throw new SqsError("BatchRequestTooLong", `A batch has ${MAX_BYTES} bytes at most, not ${bytes}.`);
  }
}

function invalid(reason: string): SqsError {
  return new SqsError("InvalidParameterValue", `One or more parameters are invalid. Reason: ${reason}`);
}
