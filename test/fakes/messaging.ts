import { createHash } from "node:crypto";
import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import * as z from "zod/mini";
import type { AwsSettings } from "../../lib/aws/index.ts";
import { fakeServer, listenOnLoopback } from "./loopback.ts";

const attributeSchema = z.object({ StringValue: z.string() });
const sentSchema = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  MessageGroupId: z.string(),
  MessageDeduplicationId: z.string(),
  MessageAttributes: z.optional(z.record(z.string(), attributeSchema)),
});
const hiddenSchema = z.object({
  QueueUrl: z.string(),
  ReceiptHandle: z.string(),
  VisibilityTimeout: z.number(),
});
const entrySchema = z.object({
  EventBusName: z.string(),
  Source: z.string(),
  DetailType: z.string(),
  Detail: z.string(),
});
const eventsSchema = z.object({ Entries: z.array(entrySchema) });

/** A message that was sent, with the name of its queue. */
export interface SentMessage {
  readonly queue: string;
  readonly body: string;
  readonly group: string;
  readonly deduplicationId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The calls of SQS and EventBridge that OMPS makes, before a stand-in for the rest of AWS. */
export interface MessagingFake {
  readonly settings: Required<AwsSettings>;
  /** In order. */
  readonly sent: SentMessage[];
  readonly hidden: { readonly queue: string; readonly receiptHandle: string; readonly seconds: number }[];
  readonly events: {
    readonly bus: string;
    readonly source: string;
    readonly type: string;
    readonly detail: unknown;
  }[];
  /** Calls that are denied: an action, or an action and the name of a queue, as in `SendMessage pushes.fifo`. */
  readonly denied: Set<string>;
  reset(): void;
  close(): Promise<void>;
}

/** Starts it; other calls go on to `aws`. */
export async function startMessaging(aws: Required<AwsSettings>): Promise<MessagingFake> {
  const fake: Recorded = {
    sent: [],
    hidden: [],
    events: [],
    denied: new Set(),
  };
  const server = fakeServer("SQS and EventBridge", async (request, response) => {
    const [service, action = ""] = String(request.headers["x-amz-target"]).split(".");
    if (service !== "AmazonSQS" && service !== "AWSEvents") {
      passOn(aws.endpoint, request, response);
      return;
    }
    const call: unknown = JSON.parse((await buffer(request)).toString());
    say(response, ...answer(fake, action, call));
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    ...fake,
    settings: { ...aws, endpoint: url },
    reset: () => {
      for (const list of [fake.sent, fake.hidden, fake.events]) list.length = 0;
      fake.denied.clear();
    },
    close,
  };
}

type Recorded = Pick<MessagingFake, "sent" | "hidden" | "events" | "denied">;
type Said = readonly [status: number, body: object];

function answer(fake: Recorded, action: string, call: unknown): Said {
  const { QueueUrl = "" } = z.object({ QueueUrl: z.optional(z.string()) }).parse(call);
  const queue = QueueUrl.split("/").at(-1) ?? "";
  if ([action, `${action} ${queue}`].some((each) => fake.denied.has(each)))
    return [400, { __type: "AccessDeniedException", message: "scripted" }];
  const act = ACTIONS[action];
  return act ? [200, act(fake, call, queue)] : [400, { __type: "UnknownOperationException" }];
}

const ACTIONS: Readonly<Record<string, (fake: Recorded, call: unknown, queue: string) => object>> = {
  SendMessage(fake, call, queue) {
    const sent = sentSchema.parse(call);
    const attributes = Object.entries(sent.MessageAttributes ?? {});
    fake.sent.push({
      queue,
      body: sent.MessageBody,
      group: sent.MessageGroupId,
      deduplicationId: sent.MessageDeduplicationId,
      attributes: Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue])),
    });
    const md5 = createHash("md5").update(sent.MessageBody).digest("hex");
    return { MessageId: "1", MD5OfMessageBody: md5 };
  },
  ChangeMessageVisibility(fake, call, queue) {
    const { ReceiptHandle: receiptHandle, VisibilityTimeout: seconds } = hiddenSchema.parse(call);
    fake.hidden.push({ queue, receiptHandle, seconds });
    return {};
  },
  PutEvents(fake, call) {
    const { Entries } = eventsSchema.parse(call);
    for (const { EventBusName: bus, Source: source, DetailType: type, Detail } of Entries)
      fake.events.push({ bus, source, type, detail: JSON.parse(Detail) });
    return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: "1" })) };
  },
};

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(body));
}

function passOn(endpoint: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url } = request;
  const onward = forward(new URL(url ?? "/", endpoint), { method, headers }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
