import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";
import { ACCOUNT, type Clock } from "./account.ts";
import { type JsonAnswer, readCall, say } from "./json-answer.ts";
import { refusalOf, SqsError } from "./sqs-error.ts";
import type { Queue } from "./sqs-queue.ts";
import { declaredQueues, type QueueDeclaration } from "./sqs-queues.ts";
import { changeMessageVisibility, deleteMessage, receiveMessage } from "./sqs-receiving.ts";
import { sendMessage, sendMessageBatch } from "./sqs-sending.ts";

const queueSchema = z.object({ QueueUrl: z.optional(z.string()), QueueName: z.optional(z.string()) });
const attributesSchema = z.strictObject({
  QueueUrl: z.string(),
  AttributeNames: z.optional(z.array(z.string())),
});

/** Decides when a call is served, and what it is answered; undefined: its connection is dropped. */
export type SqsDirector = (
  operation: string,
  input: unknown,
  perform: () => Promise<JsonAnswer>,
) => Promise<JsonAnswer | undefined>;

type Operation = (queue: Queue, input: unknown, gone: AbortSignal) => object | Promise<object>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  ChangeMessageVisibility: changeMessageVisibility,
  GetQueueAttributes: getQueueAttributes,
};

/**
 * A stand-in for SQS, with the calls that the service makes. Only declared queues are there. What it does not know
 * in a call it refuses, so that nobody believes it done.
 */
export class SqsStandIn {
  readonly queues: ReadonlyMap<string, Queue>;
  /** `Operation queue`, in order. */
  readonly requests: string[] = [];
  /** What requests are answered with 500, by a part of their line in `requests`. */
  readonly faults = new Set<string>();
  /** None: each call is served at once. */
  director: SqsDirector | undefined;

  constructor(declarations: readonly QueueDeclaration[], now: Clock) {
    this.queues = declaredQueues(declarations, now);
  }

  /** Forgets all messages, requests and faults. */
  reset(): void {
    for (const queue of this.queues.values()) queue.clear();
    this.faults.clear();
    this.requests.length = 0;
    this.director = undefined;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const { operation, input } = await readCall(request);
    const origin = `http://${request.headers.host}`;
    const perform = () => this.#answered(operation, input, origin, gone.signal);
    const answer = this.director ? await this.director(operation, input, perform) : await perform();
    if (answer) say(response, "1.0", answer);
    else response.destroy();
  }

  async #answered(operation: string, input: unknown, origin: string, gone: AbortSignal): Promise<JsonAnswer> {
    try {
      return { status: 200, body: await this.#perform(operation, input, origin, gone) };
    } catch (error) {
      return refusalOf(error instanceof SqsError ? error : misunderstood(error));
    }
  }

  #perform(operation: string, input: unknown, origin: string, gone: AbortSignal): object | Promise<object> {
    const { QueueUrl: url, QueueName: named } = queueSchema.parse(input);
    const name = named ?? url?.split("/").at(-1) ?? "";
    const line = `${operation} ${name}`;
    this.requests.push(line);
    if ([...this.faults].some((fault) => line.includes(fault))) {
      throw new SqsError("InternalFailure", "scripted");
    }
    const queue = this.queues.get(name);
    if (!queue) throw new SqsError("QueueDoesNotExist", "The specified queue does not exist.");
    if (operation === "GetQueueUrl") return { QueueUrl: `${origin}/${ACCOUNT}/${name}` };
    const perform = OPERATIONS[operation];
    if (!perform) throw new SqsError("UnsupportedOperation", `The stand-in has no ${operation}.`);
    return perform(queue, input, gone);
  }
}

function getQueueAttributes(queue: Queue, input: unknown): object {
  const { AttributeNames: names = [] } = attributesSchema.parse(input);
  const { visible, hidden } = queue.count();
  const all = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    VisibilityTimeout: String(queue.visibilityTimeout),
  };
  const asked = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
  return asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {};
}

/** What a schema refuses: a value that is not allowed, or a parameter that the stand-in does not have. */
function misunderstood(error: unknown): SqsError {
  if (!(error instanceof z.core.$ZodError)) throw error;
  const problems = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return new SqsError("InvalidParameterValue", problems.join("; "));
}
