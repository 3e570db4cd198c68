import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  type MessageSystemAttributeName,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import type { Connected } from "./peer.ts";

/** The seconds that a long poll waits which should be ended by a message, long before. */
export const LONG = 10;

/** Every attribute that the service reads of a received message. */
const ATTRIBUTES: MessageSystemAttributeName[] = [
  "ApproximateReceiveCount",
  "MessageGroupId",
  "MessageDeduplicationId",
  "SentTimestamp",
];

/** A queue of one test. */
export interface ProbedQueue {
  readonly url: string;
  readonly send: (body: string, options?: Partial<SendMessageCommandInput>) => Promise<string | undefined>;
  /** Sends to a FIFO queue, each body to a group and with a deduplication ID of its own. */
  readonly sendTo: (group: string, ...bodies: string[]) => Promise<void>;
  /** Receives ten messages at most, at once unless told otherwise. */
  readonly receive: (options?: Partial<ReceiveMessageCommandInput>) => Promise<Message[]>;
  /** Waits for messages, and gives their bodies. */
  readonly bodies: (options?: Partial<ReceiveMessageCommandInput>) => Promise<(string | undefined)[]>;
  readonly delete: (...messages: readonly (Message | undefined)[]) => Promise<void>;
  readonly hide: (message: Message | undefined, seconds: number) => Promise<void>;
  readonly attribute: (name: QueueAttributeName) => Promise<string | undefined>;
}

/** The calls on a peer's queues that most probes make. */
export function queuesOf(peer: Connected) {
  const at = (url: string): ProbedQueue => {
    const sqs = () => peer().sqs;
    const receive: ProbedQueue["receive"] = async (options = {}) => {
      const asked = { QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ATTRIBUTES };
      const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ ...asked, ...options }));
      return Messages;
    };
    const send: ProbedQueue["send"] = async (MessageBody, options = {}) =>
      (await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody, ...options }))).MessageId;
    return {
      url,
      receive,
      send,
      async sendTo(MessageGroupId, ...bodies) {
        for (const body of bodies)
          await send(body, { MessageGroupId, MessageDeduplicationId: `of ${body}`.replaceAll(" ", "-") });
      },
      async bodies(options = {}) {
        return (await receive({ WaitTimeSeconds: LONG, ...options })).map(({ Body }) => Body);
      },
      async delete(...messages) {
        for (const message of messages) {
          await sqs().send(
            new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }),
          );
        }
      },
      async hide(message, VisibilityTimeout) {
        const ReceiptHandle = message?.ReceiptHandle;
        await sqs().send(
          new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }),
        );
      },
      async attribute(name) {
        const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [name] });
        return (await sqs().send(asked)).Attributes?.[name];
      },
    };
  };
  /** Gives a declared queue. */
  return async (name: string): Promise<ProbedQueue> => {
    const { QueueUrl = "" } = await peer().sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return at(QueueUrl);
  };
}
