import { Duration } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { MAX_TRIES } from "../../lib/worker/index.ts";
import type { ServiceFunction } from "./service-function.ts";

/** How long a message that was put aside can be looked at. The longest that SQS keeps any. */
const DEAD_LETTER_LIFE = Duration.days(14);

/** How a queue is made. */
export interface WatchedQueueProps {
  /** How long a message is hidden while it is worked on. */
  readonly visibility: Duration;
  /**
   * Whether messages of a group are handed out in order.
   *
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * The key that encrypts it.
   *
   * @default - a key of SQS
   */
  readonly encryptionKey?: IKey;
}

/** How a function gets messages. */
export interface Consumption {
  /** Most messages that it gets at once. */
  readonly batchSize: number;
  /** Most of its invocations at once for this queue; SQS knows 2 and more. */
  readonly maxConcurrency: number;
  /**
   * Whether it gets any.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/** A queue, and where what cannot be done is put aside. */
export interface WatchedQueue {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/** Makes both; what is tried too often is put aside by itself. */
export function watchedQueue(
  scope: Construct,
  name: string,
  { visibility, fifo, encryptionKey }: WatchedQueueProps,
): WatchedQueue {
  const props: QueueProps = {
    ...(fifo && { fifo }),
    enforceSSL: true,
    visibilityTimeout: visibility,
    ...(encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED }),
  };
  const deadLetters = new Queue(scope, `${name}DeadLetters`, { ...props, retentionPeriod: DEAD_LETTER_LIFE });
  const deadLetterQueue = { queue: deadLetters, maxReceiveCount: MAX_TRIES };
  return { name, queue: new Queue(scope, name, { ...props, deadLetterQueue }), deadLetters };
}

/**
 * Has a function called with the messages of a queue; it tells which of them are not done. It may take messages off
 * the queue, and nothing else.
 */
export function consume(fn: ServiceFunction, id: string, queue: Queue, how: Consumption): EventSourceMapping {
  fn.grant(queue.queueArn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes");
  return new EventSourceMapping(fn, id, {
    target: fn.lambda,
    eventSourceArn: queue.queueArn,
    reportBatchItemFailures: true,
    ...how,
  });
}
