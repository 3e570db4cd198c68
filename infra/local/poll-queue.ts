import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { failedOf } from "./batch-response.ts";
import { lambdaContext } from "./lambda-context.ts";
import { recordOf } from "./sqs-event.ts";

/** The longest that SQS waits for messages, in seconds. */
const WAIT = 20;

/** Milliseconds before the next try, when a queue cannot be read. */
const PAUSE_MS = 1000;

/** A function for messages. What it returns is read as Lambda reads it. */
export type QueueHandler<InvocationContext> = (
  event: SQSEvent,
  context: InvocationContext,
) => Promise<unknown>;

/** An event source mapping: from a queue to a function that reports the failures of each batch. */
export interface QueueMapping {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly functionName: string;
  /** What it returns is read as Lambda reads it. */
  readonly handler: (event: SQSEvent, context: Context) => Promise<unknown>;
  /** How many messages an invocation has at most; 10 unless told, which is also the most. */
  readonly batchSize?: number;
  /** How many batches are worked on at a time; 2 unless told, the least that Lambda can be limited to. */
  readonly concurrency?: number;
  /** How long an invocation is told that it may last, in milliseconds. It is not ended then. */
  readonly timeoutMs?: number;
  /** Is told what the handler threw, and what the queue answered to a call that failed. */
  readonly onError: (error: unknown) => void;
}

/** A mapping at work. */
export interface QueuePoller {
  /** Receives no more; resolves when the invocations that are under way have ended, and their messages are deleted. */
  stop(): Promise<void>;
}

/**
 * Hands the messages of a queue to a function, as Lambda's event source mapping does: a batch at a time, for a FIFO
 * queue of one group and in its order. Deletes what did not fail; the rest comes again when its visibility timeout
 * is over.
 */
export function pollQueue(mapping: QueueMapping): QueuePoller {
  const stopped = new AbortController();
  const loops = Array.from({ length: mapping.concurrency ?? 2 }, () => poll(mapping, stopped.signal));
  return {
    async stop() {
      stopped.abort();
      await Promise.all(loops);
    },
  };
}

async function poll(mapping: QueueMapping, stopped: AbortSignal): Promise<void> {
  let arn: string | undefined;
  while (!stopped.aborted) {
    try {
      arn ??= await arnOf(mapping, stopped);
      const batches = batchesOf(await receive(mapping, stopped));
      await Promise.all(batches.map((batch) => work(mapping, batch, arn ?? "")));
    } catch (error) {
      if (stopped.aborted) return;
      mapping.onError(error);
      await sleep(PAUSE_MS, undefined, { signal: stopped, ref: false }).catch(() => {});
    }
  }
}

async function arnOf({ sqs, queueUrl }: QueueMapping, abortSignal: AbortSignal): Promise<string> {
  const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] });
  const { Attributes } = await sqs.send(asked, { abortSignal });
  return Attributes?.QueueArn ?? "";
}

async function receive(
  { sqs, queueUrl, batchSize = 10 }: QueueMapping,
  abortSignal: AbortSignal,
): Promise<Message[]> {
  const asked = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: batchSize,
    WaitTimeSeconds: WAIT,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  });
  return (await sqs.send(asked, { abortSignal })).Messages ?? [];
}

/** One batch for each group. Standard queues have none, unless senders give one for fairness, which orders nothing. */
function batchesOf(messages: readonly Message[]): Message[][] {
  const ordered = messages.some(({ Attributes }) => Attributes?.SequenceNumber !== undefined);
  const groups = Map.groupBy(messages, ({ Attributes }) => (ordered ? Attributes?.MessageGroupId : ""));
  return [...groups.values()];
}

/** Never rejects: one batch must not end the others. */
async function work(mapping: QueueMapping, batch: readonly Message[], arn: string): Promise<void> {
  const { sqs, queueUrl, functionName, handler, timeoutMs, onError } = mapping;
  try {
    const event = { Records: batch.map((message) => recordOf(message, arn)) };
    const response = await handler(event, lambdaContext(functionName, timeoutMs));
    const failed = failedOf(
      response,
      event.Records.map(({ messageId }) => messageId),
    );
    for (const { MessageId = "", ReceiptHandle } of batch) {
      if (failed.has(MessageId)) continue;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  } catch (error) {
    onError(error);
  }
}
