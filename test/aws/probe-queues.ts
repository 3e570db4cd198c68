import {
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import type { QueueDeclaration } from "../../infra/local/aws/sqs-queues.ts";
import type { Connected } from "./peer.ts";
import { LONG, queuesOf } from "./queues.ts";

/** A test has a queue of its own, so that no message of another one comes in. */
export const QUEUES: readonly QueueDeclaration[] = [
  ...["sent", "attributes", "hidden", "again", "shown", "later", "deleted", "waiting", "shared", "batch"].map(
    (name) => ({ name }),
  ),
  ...["refused", "sizes", "receipts"].map((name) => ({ name })),
  { name: "brief", visibilityTimeout: 1 },
  { name: "dead" },
  { name: "retried", deadLetters: { queue: "dead", maxReceiveCount: 2 } },
];

/** The limit of a message, and of a batch, in bytes. */
const MAX_BYTES = 1_048_576;

/** Declares the tests of SQS's standard queues. */
export function probeQueues(peer: Connected): void {
  const queue = queuesOf(peer);
  const batch = (QueueUrl: string, ...bodies: string[]) =>
    peer().sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );

  describe("a message", () => {
    it("is received as it was sent, with what SQS knows of it", async () => {
      const { send, receive } = await queue("sent");
      const body = JSON.stringify({ text: 'with "quotes", <xml> & é 日本 😀\n' });
      const id = await send(body);
      const [message, ...others] = await receive();

      expect(others).toEqual([]);
      expect(message).toMatchObject({ MessageId: id, Body: body });
      expect(message?.Attributes).toEqual({
        ApproximateReceiveCount: "1",
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
      });
    });

    it("has the attributes that its sender gave it, for who asks for them", async () => {
      const { send, receive } = await queue("attributes");
      const MessageAttributes = {
        reason: { DataType: "String", StringValue: "no such build, é" },
        "a.number": { DataType: "Number", StringValue: "7" },
      };
      await send("body", { MessageAttributes });
      const [unasked] = await receive({ VisibilityTimeout: 0 });
      const [asked] = await receive({ MessageAttributeNames: ["All"] });

      expect(unasked?.MessageAttributes).toBeUndefined();
      // By Python, of what SQS's documentation says is hashed.
      expect(asked).toMatchObject({
        MessageAttributes,
        MD5OfMessageAttributes: "fa486df8550ddd94107a79972006d1c9",
      });
    });

    it("is hidden while somebody has it, and is counted as that", async () => {
      const { send, receive, attribute } = await queue("hidden");
      await send("body");
      expect(await attribute("ApproximateNumberOfMessages")).toBe("1");

      expect(await receive()).toHaveLength(1);

      expect(await receive()).toEqual([]);
      expect(await attribute("ApproximateNumberOfMessages")).toBe("0");
      expect(await attribute("ApproximateNumberOfMessagesNotVisible")).toBe("1");
    });

    it.each([
      ["that the receiver asked for", "again", { VisibilityTimeout: 1 }],
      ["of the queue", "brief", {}],
    ])("comes again after the time %s, with another receipt", async (_, name, options) => {
      const { send, receive } = await queue(name);
      await send("body");
      const [first] = await receive(options);
      const [second] = await receive({ WaitTimeSeconds: LONG });

      expect(second).toMatchObject({ MessageId: first?.MessageId, Body: "body" });
      expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
      expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    });

    it("comes again at once when its receiver shows it", async () => {
      const { send, receive, hide } = await queue("shown");
      await send("body");
      const [message] = await receive();
      await hide(message, 0);

      expect(await receive()).toHaveLength(1);
    });

    it("stays hidden when its receiver asks for more time", async () => {
      const { send, receive, hide } = await queue("later");
      await send("body");
      const [message] = await receive({ VisibilityTimeout: 1 });
      await hide(message, 60);

      expect(await receive({ WaitTimeSeconds: 2 })).toEqual([]);
    });

    it("is gone when it was deleted, and no other one with it", async () => {
      const { send, receive, delete: remove, attribute } = await queue("deleted");
      await send("one");
      await send("other");
      const [message] = await receive({ MaxNumberOfMessages: 1 });
      await remove(message);

      expect(await attribute("ApproximateNumberOfMessages")).toBe("1");
      expect(await attribute("ApproximateNumberOfMessagesNotVisible")).toBe("0");
      expect(await receive()).not.toContainEqual(expect.objectContaining({ Body: message?.Body }));
    });

    it("that was received too often is put aside, as it was", async () => {
      const { send, receive, attribute } = await queue("retried");
      const dead = await queue("dead");
      const id = await send("body");
      for (const _ of [1, 2]) expect(await receive({ VisibilityTimeout: 0 })).toHaveLength(1);
      expect(await dead.receive()).toEqual([]);

      expect(await receive()).toEqual([]);

      expect(await dead.receive()).toMatchObject([{ MessageId: id, Body: "body" }]);
      expect(await attribute("ApproximateNumberOfMessages")).toBe("0");
      expect(await attribute("ApproximateNumberOfMessagesNotVisible")).toBe("0");
    });
  });

  describe("a receiver that waits", () => {
    // Fails by its time when the message does not end the wait.
    it("has a message as soon as it comes", { timeout: 10_000 }, async () => {
      const { send, bodies } = await queue("waiting");
      const received = bodies({ WaitTimeSeconds: 20 });
      await send("body");

      expect(await received).toEqual(["body"]);
    });

    it("has nothing when its time is over", async () => {
      const { receive } = await queue("waiting");

      expect(await receive({ WaitTimeSeconds: 1 })).toEqual([]);
    });

    it("does not have what another one has", async () => {
      const { send, receive } = await queue("shared");
      const both = [receive({ WaitTimeSeconds: 2 }), receive({ WaitTimeSeconds: 2 })];
      await send("body");

      expect((await Promise.all(both)).flat()).toHaveLength(1);
    });
  });

  describe("a batch", () => {
    it("is received in pieces of the size that is asked for", async () => {
      const { url, receive } = await queue("batch");
      const sent = Array.from({ length: 10 }, (_, index) => `body ${index}`);
      const { Successful = [], Failed } = await batch(url, ...sent);

      const three = await receive({ MaxNumberOfMessages: 3 });
      const others = await receive();

      expect(Failed ?? []).toEqual([]);
      expect(Successful.map(({ Id }) => Id)).toEqual(sent.map((_, index) => String(index)));
      expect([three.length, others.length]).toEqual([3, 7]);
      expect(new Set([...three, ...others].map(({ Body }) => Body))).toEqual(new Set(sent));
    });

    it.each([
      ["nothing in it", [], "EmptyBatchRequest"],
      ["11 messages", Array.from({ length: 11 }, () => "body"), "TooManyEntriesInBatchRequest"],
      ["more than 1 MiB", ["a".repeat(MAX_BYTES), "b"], "BatchRequestTooLong"],
    ])("with %s is refused as a whole", async (_, bodies, name) => {
      const { url, receive } = await queue("refused");

      await expect(batch(url, ...bodies)).rejects.toMatchObject({ name });
      expect(await receive()).toEqual([]);
    });

    it("that has an ID twice is refused as a whole", async () => {
      const { url, receive } = await queue("refused");
      const Entries = ["a", "b"].map((MessageBody) => ({ Id: "same", MessageBody }));
      const sent = peer().sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));

      await expect(sent).rejects.toMatchObject({ name: "BatchEntryIdsNotDistinct" });
      expect(await receive()).toEqual([]);
    });
  });

  describe("a call", () => {
    it("on a queue that is not there is QueueDoesNotExist", async () => {
      const { url } = await queue("sent");
      const sent = new SendMessageCommand({ QueueUrl: url.replace(/sent$/, "none"), MessageBody: "body" });

      await expect(peer().sqs.send(sent)).rejects.toBeInstanceOf(QueueDoesNotExist);
      await expect(peer().sqs.send(new GetQueueUrlCommand({ QueueName: "none" }))).rejects.toBeInstanceOf(
        QueueDoesNotExist,
      );
    });

    it("knows a queue by an ARN that ends in its name", async () => {
      const { attribute } = await queue("sent");

      expect(await attribute("QueueArn")).toMatch(/^arn:aws:sqs:us-east-1:\d{12}:sent$/);
    });

    it("with a receipt that is none is ReceiptHandleIsInvalid", async () => {
      const { delete: remove, hide } = await queue("receipts");
      const none = { ReceiptHandle: "none" };

      await expect(remove(none)).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
      await expect(hide(none, 0)).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
    });

    it.each([
      ["no text", "", "MissingParameter"],
      ["what is no text", "\u0000", "InvalidMessageContents"],
      ["more than 1 MiB", `${"é".repeat(MAX_BYTES / 2)}a`, "InvalidParameterValue"],
    ])("that sends %s is refused", async (_, body, name) => {
      const { send, receive } = await queue("refused");

      await expect(send(body)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
      expect(await receive()).toEqual([]);
    });

    it("sends 1 MiB", async () => {
      const { send, bodies } = await queue("sizes");
      const body = "é".repeat(MAX_BYTES / 2);
      await send(body);

      expect(await bodies()).toEqual([body]);
    });

    it.each([0, 11])("that wants %d messages is refused", async (MaxNumberOfMessages) => {
      const { receive } = await queue("refused");

      await expect(receive({ MaxNumberOfMessages })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    });
  });
}
