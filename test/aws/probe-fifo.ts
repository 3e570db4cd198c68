import { describe, expect, it } from "vitest";
import type { QueueDeclaration } from "../../infra/local/aws/sqs-queues.ts";
import type { Connected } from "./peer.ts";
import { LONG, queuesOf } from "./queues.ts";

/** A test has a queue of its own, so that no message of another one comes in. */
export const FIFO_QUEUES: readonly QueueDeclaration[] = [
  ...["order", "told", "locked", "freed", "over", "wakes", "twice", "past", "incomplete"].map((name) => ({
    name: `${name}.fifo`,
  })),
  { name: "dead.fifo" },
  { name: "retried.fifo", deadLetters: { queue: "dead.fifo", maxReceiveCount: 1 } },
];

/** Declares the tests of SQS's FIFO queues. */
export function probeFifo(peer: Connected): void {
  const queue = queuesOf(peer);

  describe("a FIFO queue", () => {
    it("gives the messages of a group in the order in which they were sent", async () => {
      const { sendTo, bodies } = await queue("order.fifo");
      const sent = Array.from({ length: 10 }, (_, index) => `a${index}`);
      await sendTo("a", ...sent);

      expect(await bodies()).toEqual(sent);
    });

    it("tells group and deduplication ID", async () => {
      const { sendTo, receive } = await queue("told.fifo");
      await sendTo("organization/repository", "a1");
      const [message] = await receive();

      expect(message?.Attributes).toMatchObject({
        MessageGroupId: "organization/repository",
        MessageDeduplicationId: "of-a1",
        ApproximateReceiveCount: "1",
      });
    });

    it("locks a group while somebody has one of its messages, and no other group", async () => {
      const { sendTo, bodies, receive } = await queue("locked.fifo");
      await sendTo("a", "a1", "a2");
      await sendTo("b", "b1");

      expect(await bodies({ MaxNumberOfMessages: 1 })).toEqual(["a1"]);
      expect(await bodies()).toEqual(["b1"]);
      expect(await receive()).toEqual([]);
    });

    it("goes on with a group when all that somebody has of it is deleted", async () => {
      const { sendTo, receive, bodies, delete: remove } = await queue("freed.fifo");
      await sendTo("a", "a1", "a2", "a3");
      const [first, second] = await receive({ MaxNumberOfMessages: 2 });
      await remove(first);
      expect(await receive()).toEqual([]);

      await remove(second);

      expect(await bodies()).toEqual(["a3"]);
    });

    it("begins again with what somebody has had for too long", async () => {
      const { sendTo, bodies, receive } = await queue("over.fifo");
      await sendTo("a", "a1", "a2");
      await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 1 });
      expect(await receive()).toEqual([]);

      expect(await bodies()).toEqual(["a1", "a2"]);
    });

    // Fails by its time when the deletion does not end the wait.
    it("ends a wait with the deletion that frees a group", { timeout: 10_000 }, async () => {
      const { sendTo, receive, bodies, delete: remove } = await queue("wakes.fifo");
      await sendTo("a", "a1", "a2");
      const held = await receive({ MaxNumberOfMessages: 1 });
      const next = bodies({ WaitTimeSeconds: 20 });
      await remove(...held);

      expect(await next).toEqual(["a2"]);
    });

    it("takes a message once for its deduplication ID, in whatever group, and says that it took it", async () => {
      const { send, receive, attribute } = await queue("twice.fifo");
      const MessageDeduplicationId = "build-7";
      const first = await send("one", { MessageGroupId: "a", MessageDeduplicationId });
      const second = await send("other", { MessageGroupId: "b", MessageDeduplicationId });

      expect(second).toBe(first);
      expect(await attribute("ApproximateNumberOfMessages")).toBe("1");
      expect(await receive()).toMatchObject([{ MessageId: first, Body: "one" }]);
    });

    it("knows the deduplication ID of what is deleted already", async () => {
      const { sendTo, receive, delete: remove, attribute } = await queue("past.fifo");
      await sendTo("a", "a1");
      await remove(...(await receive()));
      await sendTo("a", "a1");

      expect(await attribute("ApproximateNumberOfMessages")).toBe("0");
    });

    it.each([
      ["group", { MessageDeduplicationId: "1" }, "MissingParameter"],
      ["deduplication ID", { MessageGroupId: "a" }, "InvalidParameterValue"],
    ])("refuses a message without a %s", async (_, options, name) => {
      const { send, receive } = await queue("incomplete.fifo");

      await expect(send("body", options)).rejects.toMatchObject({ name });
      expect(await receive()).toEqual([]);
    });

    it("puts aside what was received too often, and goes on with its group", async () => {
      const { sendTo, receive, bodies } = await queue("retried.fifo");
      const dead = await queue("dead.fifo");
      await sendTo("a", "a1", "a2");
      await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 1 });

      expect(await bodies({ WaitTimeSeconds: LONG })).toEqual(["a2"]);

      const put = await dead.receive();
      expect(put).toMatchObject([{ Body: "a1", Attributes: { MessageGroupId: "a" } }]);
    });
  });
}
