import * as z from "zod/mini";
import { type AwsPlace, endpointOf, signedHeaders } from "../aws/index.ts";
import { answerJson, type HttpClient, UpstreamError } from "../http/index.ts";

/** How often a message is tried; the queue itself puts aside what was handed out more often. */
export const MAX_TRIES = 5;

/** How long SQS may take for a call, its retries included, in milliseconds; it needs some 10. */
const CALL_TIMEOUT_MS = 5000;

const refusalSchema = z.object({ __type: z.string() });

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

/** Where a queue is, and who we are. */
export interface QueuePlace extends AwsPlace {
  /** The queue's URL. */
  readonly url: string;
}

/** One FIFO queue of SQS. Plain signed requests do, as for records: AWS's client would cost each cold start 40 ms. */
export class Queue {
  readonly #place: QueuePlace;

  constructor(place: QueuePlace) {
    this.#place = place;
  }

  /** Whether this is the queue with that ARN. */
  hasArn(arn: string): boolean {
    return arn.split(":").at(-1) === this.#place.url.split("/").at(-1);
  }

  /** Throws TimeoutError, NetworkError or UpstreamError; it may be sent then, but for the last with a status below 500. */
  async send(message: OutgoingMessage, http: HttpClient): Promise<void> {
    const attributes = Object.entries(message.attributes ?? {}).filter(([, text]) => text !== "");
    await this.#ask(http, "SendMessage", {
      MessageBody: message.body,
      MessageGroupId: message.group,
      MessageDeduplicationId: message.deduplicationId,
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, text]) => [name, { DataType: "String", StringValue: text }]),
      ),
    });
  }

  /**
   * Hides a message that was received, with all that is behind it in its group, for so many seconds. Throws as `send`.
   */
  hide(ReceiptHandle: string, VisibilityTimeout: number, http: HttpClient): Promise<void> {
    return this.#ask(http, "ChangeMessageVisibility", { ReceiptHandle, VisibilityTimeout });
  }

  async #ask(
    http: HttpClient,
    action: "SendMessage" | "ChangeMessageVisibility",
    input: object,
  ): Promise<void> {
    const url = new URL(endpointOf(this.#place, "SQS") ?? new URL(this.#place.url).origin);
    const body = Buffer.from(JSON.stringify({ QueueUrl: this.#place.url, ...input }));
    const type = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${action}` };
    const request = { service: "sqs", method: "POST", url, headers: type, body } as const;
    const headers = await signedHeaders(this.#place, request);
    // Both may be sent again: a FIFO queue drops the second of two equal messages.
    const answer = await http.to("sqs").within(CALL_TIMEOUT_MS).read({ url, headers, body });
    if (answer.status === 200) return;
    const refusal = refusalSchema.safeParse(answerJson(answer)).data?.__type ?? "";
    throw new UpstreamError(`SQS ${action} ${refusal.slice(0, 100)}`, answer.status, answer.body);
  }
}
