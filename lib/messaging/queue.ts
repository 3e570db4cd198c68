import type { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsSettings } from "../aws/index.ts";

/** How often a message is tried; the queue itself puts aside what was handed out more often. */
export const MAX_TRIES = 5;

/** A message for a FIFO queue. */
export interface OutgoingMessage {
  readonly body: string;
  /** Messages of one group are handed out in order. */
  readonly group: string;
  /** A second message with it is dropped for five minutes. */
  readonly deduplicationId: string;
  /** What is said beside the body. An empty text is left out: SQS takes none. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One FIFO queue of SQS. */
export class Queue {
  readonly #url: string;
  readonly #aws: AwsSettings;
  #client: SQSClient | undefined;

  /** @param url the queue's URL */
  constructor(url: string, aws: AwsSettings = {}) {
    this.#url = url;
    this.#aws = aws;
  }

  /** Whether this is the queue with that ARN. */
  hasArn(arn: string): boolean {
    return arn.split(":").at(-1) === this.#url.split("/").at(-1);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<void> {
    const { SendMessageCommand } = await import("@aws-sdk/client-sqs");
    const attributes = Object.entries(message.attributes ?? {}).filter(([, text]) => text !== "");
    const command = new SendMessageCommand({
      QueueUrl: this.#url,
      MessageBody: message.body,
      MessageGroupId: message.group,
      MessageDeduplicationId: message.deduplicationId,
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, text]) => [name, { DataType: "String", StringValue: text }]),
      ),
    });
    await (await this.#connect()).send(command, { abortSignal: signal });
  }

  /** Hides a message that was received, with all that is behind it in its group, for so many seconds. */
  async hide(receiptHandle: string, seconds: number, signal: AbortSignal): Promise<void> {
    const { ChangeMessageVisibilityCommand } = await import("@aws-sdk/client-sqs");
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: this.#url,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    });
    await (await this.#connect()).send(command, { abortSignal: signal });
  }

  /** The client takes 40 ms to load, which only its first use pays. */
  async #connect(): Promise<SQSClient> {
    const { SQSClient } = await import("@aws-sdk/client-sqs");
    this.#client ??= new SQSClient(this.#aws);
    return this.#client;
  }
}
