import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";
import { pollQueue, type QueueMapping, type QueuePoller } from "../../../infra/local/poll-queue.ts";

let aws: AwsStandIn;
let sqs: SQSClient;
let poller: QueuePoller | undefined;
let errors: unknown[];

beforeAll(async () => {
  aws = await startAws(
    {},
    {
      queues: [
        { name: "dead" },
        { name: "work", visibilityTimeout: 1, deadLetters: { queue: "dead", maxReceiveCount: 2 } },
        { name: "slow" },
        { name: "order.fifo", visibilityTimeout: 1 },
        { name: "groups.fifo" },
      ],
    },
  );
  sqs = new SQSClient({ ...aws.settings, maxAttempts: 1 });
});
beforeEach(() => {
  aws.sqs.reset();
  errors = [];
});
afterEach(() => poller?.stop());
afterAll(() => aws.close());

const send = async (queue: string, body: string, options: Partial<SendMessageCommandInput> = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrl(queue), MessageBody: body, ...options }));

async function sendTo(group: string, queue: string, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await send(queue, body, { MessageGroupId: group, MessageDeduplicationId: body });
}

function start(queue: string, handler: QueueMapping["handler"], options: Partial<QueueMapping> = {}): void {
  const onError = (error: unknown) => void errors.push(error);
  const mapping = { sqs, queueUrl: aws.queueUrl(queue), functionName: "worker", handler, onError };
  poller = pollQueue({ ...mapping, ...options });
}

/** Starts with a handler that keeps the bodies of each batch, and waits until it has had so many batches. */
async function batchesOf(
  queue: string,
  count: number,
  respond: (event: SQSEvent) => unknown = () => undefined,
  options: Partial<QueueMapping> = {},
): Promise<string[][]> {
  const batches: string[][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const handler = async (event: SQSEvent) => {
    batches.push(event.Records.map(({ body }) => body));
    if (batches.length === count) resolve();
    return respond(event);
  };
  start(queue, handler, { concurrency: 1, ...options });
  await promise;
  await poller?.stop();
  return batches;
}

const left = (queue: string) => aws.sqs.queues.get(queue)?.messages.map(({ body }) => body);

/** The response that reports the messages with these bodies. */
const failing =
  (...bodies: string[]) =>
  ({ Records }: SQSEvent) => {
    const failed = Records.filter(({ body }) => bodies.includes(body));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

describe("a message in a queue", () => {
  it("comes to the function as Lambda gives it", async () => {
    const MessageAttributes = { reason: { DataType: "String", StringValue: "none" } };
    const { MessageId, MD5OfMessageBody } = await send("work", "body", { MessageAttributes });
    const { promise, resolve } = Promise.withResolvers<[SQSEvent, Context]>();
    start("work", async (...invocation) => resolve(invocation), { timeoutMs: 60_000 });
    const [event, context] = await promise;

    expect(event).toEqual({
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: "body",
          attributes: {
            ApproximateReceiveCount: "1",
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            reason: { dataType: "String", stringValue: "none", stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: MD5OfMessageBody,
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:work",
          awsRegion: "us-east-1",
        },
      ],
    });
    expect(context.functionName).toBe("worker");
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(30_000);
    expect(errors).toEqual([]);
  });

  it("of a FIFO queue comes with its group, deduplication ID and number", async () => {
    await sendTo("a", "order.fifo", "a1");
    const { promise, resolve } = Promise.withResolvers<SQSEvent>();
    start("order.fifo", async (event) => resolve(event));
    const [record] = (await promise).Records;

    expect(record?.attributes).toMatchObject({
      MessageGroupId: "a",
      MessageDeduplicationId: "a1",
      SequenceNumber: expect.stringMatching(/^\d{20}$/),
    });
  });

  it("comes when the function waits for it", async () => {
    const batches = batchesOf("work", 1);
    await send("work", "later");

    expect(await batches).toEqual([["later"]]);
  });
});

describe("a batch", () => {
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["{}", {}],
    ["an empty list", { batchItemFailures: [] }],
    ["null for the list", { batchItemFailures: null }],
  ])("is deleted when the function returns %s", async (_, response) => {
    for (const body of ["a", "b"]) await send("work", body);

    expect(await batchesOf("work", 1, () => response)).toEqual([["a", "b"]]);
    expect(left("work")).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("is deleted but for the failures that the function reports; these come again, alone", async () => {
    for (const body of ["a", "b", "c"]) await send("work", body);
    const tries = await batchesOf("work", 2, (event) =>
      event.Records.length > 1 ? failing("b")(event) : null,
    );

    expect(tries).toEqual([["a", "b", "c"], ["b"]]);
    expect(left("work")).toEqual([]);
  });

  it.each([
    ["an ID that it did not have", { batchItemFailures: [{ itemIdentifier: "none" }] }],
    ["an empty ID", { batchItemFailures: [{ itemIdentifier: "" }] }],
    ["no ID", { batchItemFailures: [{ itemIdentifier: null }] }],
    ["another name for the ID", { batchItemFailures: [{ messageId: "1" }] }],
    ["no list", { batchItemFailures: "all" }],
    ["a text", "done"],
  ])("is not deleted when the function returns %s", async (_, response) => {
    for (const body of ["a", "b"]) await send("slow", body);
    await batchesOf("slow", 1, () => response);

    expect(left("slow")).toEqual(["a", "b"]);
  });

  it("is not deleted when the function throws, and what it threw is told", async () => {
    for (const body of ["a", "b"]) await send("slow", body);
    const failure = new Error("broken");
    await batchesOf("slow", 1, () => Promise.reject(failure));

    expect(left("slow")).toEqual(["a", "b"]);
    expect(errors).toEqual([failure]);
  });

  it("comes again after the function threw, until it is put aside", async () => {
    await send("work", "poison");
    const tries: string[] = [];
    start("work", async ({ Records }) => {
      for (const { body, attributes } of Records) tries.push(`${body} ${attributes.ApproximateReceiveCount}`);
      throw new Error("broken");
    });
    await vi.waitFor(() => expect(left("dead")).toEqual(["poison"]), { timeout: 20_000 });

    expect(tries).toEqual(["poison 1", "poison 2"]);
    expect(errors).toHaveLength(2);
    expect(left("work")).toEqual([]);
  });

  it("has as many messages as it may, and no more", async () => {
    for (const body of ["a", "b", "c"]) await send("work", body);

    expect(await batchesOf("work", 2, undefined, { batchSize: 2 })).toEqual([["a", "b"], ["c"]]);
  });

  it("does not wait for another one", async () => {
    await send("slow", "one");
    const other = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    start("slow", async ({ Records }) => {
      if (Records[0]?.body !== "one") return other.resolve();
      first.resolve();
      await other.promise;
    });
    await first.promise;
    await send("slow", "other");
    await other.promise;
    await poller?.stop();

    expect(left("slow")).toEqual([]);
  });
});

describe("a batch of a FIFO queue", () => {
  it("is of one group, in its order", async () => {
    await sendTo("a", "groups.fifo", "a1", "a2");
    await sendTo("b", "groups.fifo", "b1");
    await sendTo("a", "groups.fifo", "a3");
    const batches = await batchesOf("groups.fifo", 2);

    expect(new Set(batches)).toEqual(new Set([["a1", "a2", "a3"], ["b1"]]));
    expect(left("groups.fifo")).toEqual([]);
  });

  it("comes again from the failure on, before what follows in its group", async () => {
    await sendTo("a", "order.fifo", "a1", "a2", "a3", "a4");
    let tries = 0;
    const respond = (event: SQSEvent) => (++tries === 1 ? failing("a2", "a3")(event) : undefined);

    expect(await batchesOf("order.fifo", 2, respond, { batchSize: 3 })).toEqual([
      ["a1", "a2", "a3"],
      ["a2", "a3", "a4"],
    ]);
    expect(left("order.fifo")).toEqual([]);
  });

  it("that fails does not hold up another group", async () => {
    await sendTo("a", "groups.fifo", "a1", "a2");
    await sendTo("b", "groups.fifo", "b1");
    await batchesOf("groups.fifo", 2, failing("a1", "a2"));

    expect(left("groups.fifo")).toEqual(["a1", "a2"]);
  });
});

describe("stopping", () => {
  it("waits for the invocation that is under way, and deletes its messages", async () => {
    await send("slow", "body");
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    start("slow", async () => {
      begun.resolve();
      await end.promise;
    });
    await begun.promise;
    let isStopped = false;
    const stopped = poller?.stop().then(() => {
      isStopped = true;
    });
    await send("slow", "after");
    expect(isStopped).toBe(false);

    end.resolve();
    await stopped;

    expect(left("slow")).toEqual(["after"]);
    expect(errors).toEqual([]);
  });

  // Fails by its time when it waits for messages.
  it("ends a wait for messages, which takes none any more", { timeout: 10_000 }, async () => {
    const queue = aws.sqs.queues.get("slow");
    start("slow", async () => expect.fail("It was invoked."));
    await vi.waitFor(() => expect(queue?.waiting).toBe(2));
    await poller?.stop();
    await vi.waitFor(() => expect(queue?.waiting).toBe(0));
    await send("slow", "after");

    expect(queue?.count()).toEqual({ visible: 1, hidden: 0 });
    expect(errors).toEqual([]);
  });
});

describe("a queue that cannot be read", () => {
  it("is told, and read again", async () => {
    aws.sqs.faults.add("ReceiveMessage work");
    await send("work", "body");
    const told = Promise.withResolvers<unknown>();
    const done = Promise.withResolvers<SQSEvent>();
    start("work", async (event) => done.resolve(event), { concurrency: 1, onError: told.resolve });

    expect(await told.promise).toMatchObject({ name: "InternalFailure" });
    aws.sqs.faults.clear();
    expect((await done.promise).Records).toMatchObject([{ body: "body" }]);
  });

  it("is told when a message cannot be deleted, which then comes again", async () => {
    aws.sqs.faults.add("DeleteMessage work");
    await send("work", "body");
    const batches = await batchesOf("work", 2);

    expect(batches).toEqual([["body"], ["body"]]);
    expect(errors).toMatchObject([{ name: "InternalFailure" }, { name: "InternalFailure" }]);
  });
});
