import { describe, expect, it } from "vitest";
import { Backoff } from "../../../bridge/backoff.ts";
import type { Delivery } from "../../../bridge/broker.ts";
import { EventBus } from "../../../bridge/bus.ts";
import { Carrier } from "../../../bridge/carrier.ts";
import { newCounts } from "../../../bridge/counts.ts";
import { LogLines } from "../../bridge/log-lines.ts";
import { PutEventsStandIn } from "../../bridge/put-events.ts";

/** A carrier to a stand-in of EventBridge, and deliveries that note what became of them. */
async function setUp() {
  const aws = await PutEventsStandIn.start();
  const lines = new LogLines();
  const counts = newCounts();
  const bus = new EventBus(aws.client(), "builds");
  const backoff = new Backoff({ firstMs: 1, longestMs: 1 });
  const carrier = new Carrier({ bus, backoff, log: lines.log, counts });
  const told: string[] = [];
  const take = (text: string | undefined, lost = false) => {
    const tell = (what: string) => () => told.push(`${what} ${text}`);
    const delivery: Delivery = {
      message: { topic: "t", headers: {}, text },
      lost,
      accept: tell("accept"),
      reject: tell("reject"),
      release: tell("release"),
    };
    carrier.take(delivery);
  };
  return {
    aws,
    lines,
    counts,
    carrier,
    told,
    take,
    async [Symbol.asyncDispose]() {
      await carrier.stop();
      await aws.close();
    },
  };
}

const sizes = (aws: PutEventsStandIn) => aws.calls.map((entries) => entries.length);

describe("a carrier", () => {
  it("puts messages that come together in calls of ten, in order", async () => {
    await using bridge = await setUp();

    for (let number = 0; number < 25; number++) bridge.take(String(number));
    await bridge.aws.until(({ taken }) => taken.length === 25);
    await bridge.carrier.stop();

    expect(sizes(bridge.aws)).toEqual([10, 10, 5]);
    expect(bridge.told).toEqual(Array.from({ length: 25 }, (_, number) => `accept ${number}`));
  });

  it("tells of no message before the bus has answered", async () => {
    await using bridge = await setUp();
    const answer = Promise.withResolvers<void>();
    bridge.aws.held = answer.promise;

    bridge.take("1");
    await bridge.aws.until(({ calls }) => calls.length === 1);
    expect(bridge.told).toEqual([]);
    answer.resolve();
    await bridge.carrier.stop();

    expect(bridge.told).toEqual(["accept 1"]);
  });

  it.each(["ThrottlingException", "InternalFailure", "NotAuthorizedForSourceException"])(
    "puts an entry that fails with %s again, and holds no other up",
    async (code) => {
      await using bridge = await setUp();
      let failures = 2;
      bridge.aws.fail = ({ Detail }) => (Detail.includes('"body":1}') && failures-- > 0 ? code : undefined);

      bridge.take("1");
      bridge.take("2");
      await bridge.aws.until(({ taken }) => taken.length === 2);
      await bridge.carrier.stop();

      expect(bridge.told).toEqual(["accept 2", "accept 1"]);
      expect(sizes(bridge.aws)).toEqual([2, 1, 1]);
      expect(bridge.counts).toMatchObject({ put: 2, failed: 2, rejected: 0 });
      expect(bridge.lines.count("Events not taken")).toBe(2);
    },
  );

  it.each(["AccessDeniedException", "ResourceNotFoundException", "ThrottlingException"])(
    "puts all again after a call that is refused with %s",
    async (type) => {
      await using bridge = await setUp();
      let failures = 2;
      bridge.aws.refuse = () => (failures-- > 0 ? { status: 400, type } : undefined);

      bridge.take("1");
      await bridge.aws.until(({ taken }) => taken.length === 1);
      await bridge.carrier.stop();

      expect(bridge.told).toEqual(["accept 1"]);
      expect(sizes(bridge.aws)).toEqual([1, 1, 1]);
    },
  );

  it("rejects what can never be an event without asking the bus, and tells why in the log", async () => {
    await using bridge = await setUp();

    bridge.take(undefined);
    await bridge.carrier.stop();

    expect(bridge.told).toEqual(["reject undefined"]);
    expect(bridge.aws.calls).toEqual([]);
    expect(bridge.lines.lines).toEqual([expect.stringContaining('"reason":"The body is not text"')]);
  });

  it("finds the one for which a call is refused, and rejects only that", async () => {
    await using bridge = await setUp();
    bridge.aws.refuse = (entries) =>
      entries.some(({ Detail }) => Detail.includes('"body":2}'))
        ? { status: 400, type: "ValidationException" }
        : undefined;

    for (const text of ["1", "2", "3"]) bridge.take(text);
    await bridge.aws.until(({ taken }) => taken.length === 2);
    await bridge.carrier.stop();

    expect(bridge.told).toEqual(["accept 1", "reject 2", "accept 3"]);
    expect(sizes(bridge.aws)).toEqual([3, 1, 1, 1]);
  });

  it("does not put messages whose connection is gone", async () => {
    await using bridge = await setUp();

    bridge.take("1", true);
    await bridge.carrier.stop();

    expect(bridge.aws.calls).toEqual([]);
    expect(bridge.told).toEqual([]);
  });

  it("gives back what the bus does not take when it is stopped, and what comes after", async () => {
    await using bridge = await setUp();
    bridge.aws.refuse = () => ({ status: 500, type: "InternalException" });

    for (let number = 0; number < 12; number++) bridge.take(String(number));
    await bridge.aws.until(({ calls }) => calls.length >= 1);
    await bridge.carrier.stop();
    bridge.take("late");

    expect(bridge.told).toHaveLength(13);
    expect(bridge.told.every((what) => what.startsWith("release"))).toBe(true);
    expect(bridge.aws.taken).toEqual([]);
    expect(bridge.counts).toMatchObject({ received: 13, put: 0, released: 13 });
  });

  it("takes the network as something that passes", async () => {
    await using bridge = await setUp();
    await bridge.aws.close();

    bridge.take("1");
    await bridge.lines.until("Events not taken", 2);
    await bridge.carrier.stop();

    expect(bridge.told).toEqual(["release 1"]);
  });
});
