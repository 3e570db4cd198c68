import {
  PurgeQueueCommand,
  SendMessageBatchCommand,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";
import { Queue } from "../../../infra/local/aws/sqs-queue.ts";
import type { QueueDeclaration } from "../../../infra/local/aws/sqs-queues.ts";
import { type ConnectedPeer, connectTo } from "../../aws/peer.ts";
import { type ProbedQueue, queuesOf } from "../../aws/queues.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 24);

const QUEUES: readonly QueueDeclaration[] = [
  { name: "work", visibilityTimeout: 60, deadLetters: { queue: "dead", maxReceiveCount: 1 } },
  { name: "dead" },
  { name: "pushes.fifo", visibilityTimeout: 60 },
];

let aws: AwsStandIn;
let peer: ConnectedPeer;
let clock: number;
let dead: ProbedQueue;
let work: ProbedQueue;
let pushes: ProbedQueue;

beforeAll(async () => {
  aws = await startAws({}, { queues: QUEUES, now: () => clock });
  peer = connectTo({ ...aws, bucket: "", key: "probe", addSecret: async () => {} });
  const queue = queuesOf(() => peer);
  [dead, work, pushes] = await Promise.all([queue("dead"), queue("work"), queue("pushes.fifo")]);
});
beforeEach(() => {
  aws.sqs.reset();
  clock = START;
});
afterAll(() => aws.close());

const bodiesIn = (name: string) => aws.sqs.queues.get(name)?.messages.map(({ body }) => body);
const push = (body: string, options: Partial<SendMessageCommandInput> = {}) =>
  pushes.send(body, { MessageGroupId: "a", MessageDeduplicationId: body, ...options });

describe("the clock of the stand-in for SQS", () => {
  it("is the one that it was started with", async () => {
    await dead.send("body");

    expect((await dead.receive())[0]?.Attributes).toMatchObject({ SentTimestamp: String(START) });
  });

  it("shows a message again when its time is over, and not before", async () => {
    await dead.send("body");
    await dead.receive({ VisibilityTimeout: 60 });
    clock += MINUTE - 1;
    expect(await dead.receive()).toEqual([]);

    clock += 1;
    expect(await dead.receive()).toHaveLength(1);
  });

  it("lets a deduplication ID be forgotten after five minutes, and not before", async () => {
    await push("a1");
    await pushes.delete(...(await pushes.receive()));
    clock += 5 * MINUTE - 1;
    await push("a1");
    expect(bodiesIn("pushes.fifo")).toEqual([]);

    clock += 1;
    await push("a1");
    expect(bodiesIn("pushes.fifo")).toEqual(["a1"]);
  });
});

describe("a wait for messages", () => {
  // Fails by its time when the wait goes on.
  it("ends for what becomes visible just before it begins", { timeout: 10_000 }, async () => {
    const queue = new Queue("queue", 60, () => clock);
    queue.send({ body: "body" });
    queue.receive(1);
    clock += MINUTE - 1;
    const since = queue.time;
    expect(queue.receive(1)).toEqual([]);
    clock += 1;
    await queue.change(since, new AbortController().signal);

    expect(queue.receive(1)).toHaveLength(1);
  });
});

describe("a receipt", () => {
  it("deletes once; to use it again is no error", async () => {
    await dead.send("body");
    const [message] = await dead.receive();
    await dead.delete(message, message);

    expect(bodiesIn("dead")).toEqual([]);
  });

  it("does not delete what was received again since", async () => {
    await dead.send("body");
    const [first] = await dead.receive({ VisibilityTimeout: 0 });
    const [second] = await dead.receive();
    await dead.delete(first);
    expect(bodiesIn("dead")).toEqual(["body"]);

    await dead.delete(second);
    expect(bodiesIn("dead")).toEqual([]);
  });

  it("of another queue is ReceiptHandleIsInvalid", async () => {
    await dead.send("body");
    const [message] = await dead.receive();

    await expect(work.delete(message)).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
    expect(bodiesIn("dead")).toEqual(["body"]);
  });

  it("hides nothing any more when the message is shown already, or gone", async () => {
    await dead.send("body");
    const [message] = await dead.receive({ VisibilityTimeout: 0 });
    await expect(dead.hide(message, 60)).rejects.toMatchObject({ name: "MessageNotInflight" });

    await dead.delete(message);
    await expect(dead.hide(message, 60)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("of a FIFO queue is worth nothing when its time is over", async () => {
    await push("a1");
    const [message] = await pushes.receive();
    clock += MINUTE;

    await expect(pushes.delete(message)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(pushes.hide(message, 60)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    expect(bodiesIn("pushes.fifo")).toEqual(["a1"]);
  });

  it.each([undefined, ""])("is needed, and not %j", async (ReceiptHandle) => {
    await expect(dead.delete({ ReceiptHandle })).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(dead.hide({ ReceiptHandle }, 0)).rejects.toMatchObject({ name: "MissingParameter" });
  });
});

describe("a message that was put aside", () => {
  it("tells where it comes from, and when it was sent first", async () => {
    await work.send("body");
    await work.receive();
    clock += MINUTE;
    await work.receive();

    expect(await dead.receive({ MessageSystemAttributeNames: ["All"] })).toMatchObject([
      {
        Attributes: {
          DeadLetterQueueSourceArn: "arn:aws:sqs:us-east-1:000000000000:work",
          SentTimestamp: String(START),
        },
      },
    ]);
    expect(bodiesIn("work")).toEqual([]);
  });
});

describe("a batch for a FIFO queue", () => {
  it("is taken but for the messages that lack something", async () => {
    const Entries = [
      { Id: "good", MessageBody: "a1", MessageGroupId: "a", MessageDeduplicationId: "1" },
      { Id: "bad", MessageBody: "a2", MessageDeduplicationId: "2" },
    ];
    const sent = await peer.sqs.send(new SendMessageBatchCommand({ QueueUrl: pushes.url, Entries }));

    expect(sent.Successful).toMatchObject([{ Id: "good" }]);
    expect(sent.Failed).toMatchObject([{ Id: "bad", Code: "MissingParameter", SenderFault: true }]);
    expect(bodiesIn("pushes.fifo")).toEqual(["a1"]);
  });
});

describe("what the stand-in does not have", () => {
  it.each([
    ["a delay", { DelaySeconds: 1 }],
    ["a binary attribute", { MessageAttributes: { a: { DataType: "Binary", BinaryValue: Buffer.of(1) } } }],
    ["a deduplication ID without a FIFO queue", { MessageDeduplicationId: "1" }],
  ])("is refused: %s", async (_, options) => {
    await expect(dead.send("body", options)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    expect(bodiesIn("dead")).toEqual([]);
  });

  it("is refused: another operation", async () => {
    await dead.send("body");

    await expect(peer.sqs.send(new PurgeQueueCommand({ QueueUrl: dead.url }))).rejects.toMatchObject({
      name: "UnsupportedOperation",
    });
    expect(bodiesIn("dead")).toEqual(["body"]);
  });
});

describe("a test", () => {
  it("sees the calls in their order", async () => {
    await dead.send("body");
    await work.receive();

    expect(aws.sqs.requests).toEqual(["SendMessage dead", "ReceiveMessage work"]);
  });

  it("lets a call fail by a part of its line, and no other one", async () => {
    aws.sqs.faults.add("SendMessage dead");

    await expect(dead.send("body")).rejects.toMatchObject({
      name: "InternalFailure",
      $fault: "server",
      $metadata: { httpStatusCode: 500 },
    });
    expect(bodiesIn("dead")).toEqual([]);
    await work.send("body");
    expect(bodiesIn("work")).toEqual(["body"]);
  });

  it("begins anew after a reset", async () => {
    await push("a1");
    aws.sqs.faults.add("SendMessage");
    aws.sqs.reset();

    expect(aws.sqs.requests).toEqual([]);
    expect(bodiesIn("pushes.fifo")).toEqual([]);
    await push("a1");
    expect(bodiesIn("pushes.fifo")).toEqual(["a1"]);
  });

  it("has the URL of a queue", async () => {
    expect(aws.queueUrl("dead")).toBe(dead.url);
  });
});

describe("starting and closing", () => {
  it.each([
    ["a queue that is not declared", { name: "q", deadLetters: { queue: "none", maxReceiveCount: 1 } }],
    ["one of another kind", { name: "q.fifo", deadLetters: { queue: "dead", maxReceiveCount: 1 } }],
  ])("refuses dead letters that go to %s", async (_, declared) => {
    await expect(startAws({}, { queues: [...QUEUES, declared] })).rejects.toThrow(
      `${declared.name}: its dead letters cannot go to ${declared.deadLetters.queue}.`,
    );
  });

  // Fails by its time when the wait holds it up.
  it("ends the calls that wait for messages", { timeout: 10_000 }, async () => {
    const other = await startAws({}, { queues: QUEUES });
    const at = queuesOf(() => connectTo({ ...other, bucket: "", key: "probe", addSecret: async () => {} }));
    const received = (await at("dead")).receive({ WaitTimeSeconds: 20 });
    await vi.waitFor(() => expect(other.sqs.queues.get("dead")?.waiting).toBe(1));
    const refused = expect(received).rejects.toThrow();
    await other.close();

    await refused;
    await vi.waitFor(() => expect(other.sqs.queues.get("dead")?.waiting).toBe(0));
  });
});
