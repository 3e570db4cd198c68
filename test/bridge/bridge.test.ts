import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bridge, startBridge } from "../../bridge/bridge.ts";
import type { Source } from "../../bridge/settings.ts";
import { Secret } from "../../lib/telemetry/index.ts";
import { CLIENT, PRIVATE_CA } from "../support/tls.ts";
import { LogLines } from "./log-lines.ts";
import { PROTOCOLS } from "./protocols.ts";
import { Publisher } from "./publisher.ts";
import { PutEventsStandIn } from "./put-events.ts";
import { PASSWORD, type RabbitMq, startRabbitMq } from "./rabbitmq.ts";

let broker: RabbitMq;
let publisher: Publisher;
let aws: PutEventsStandIn;
let lines: LogLines;
let running: Bridge[] = [];
let queues = 0;

beforeAll(async () => {
  broker = await startRabbitMq();
});

afterAll(async () => broker?.stop());

beforeEach(async () => {
  publisher = await Publisher.connect(broker.url);
  aws = await PutEventsStandIn.start();
  lines = new LogLines();
});

afterEach(async () => {
  for (const bridge of running) await bridge.stop();
  running = [];
  await publisher.close();
  await aws.close();
});

/** A queue that no other test has. */
async function newQueue(): Promise<string> {
  const name = `queue-${++queues}`;
  await publisher.makeQueue(name);
  return name;
}

function start(source: Source, url = broker.url, files = {}): Bridge {
  const { hostname: host, port, protocol, username, password } = new URL(url);
  const bridge = startBridge(
    {
      broker: {
        host,
        port: Number(port),
        tls: protocol === "amqps:",
        username: username || undefined,
        password: password ? new Secret(password) : undefined,
        vhost: "/",
        files,
      },
      source,
      bus: "builds",
      prefetch: 20,
    },
    { log: lines.log, client: aws.client(), waits: { firstMs: 20, longestMs: 500 } },
  );
  running.push(bridge);
  return bridge;
}

async function stop(bridge: Bridge): Promise<void> {
  running = running.filter((each) => each !== bridge);
  await bridge.stop();
}

/** The numbers in the bodies of the events. */
const numbers = () => new Set(aws.taken.map(({ Detail }) => Number(/"number":(\d+)/.exec(Detail)?.[1])));

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => JSON.stringify({ number: from + index }));

describe.each(PROTOCOLS)("$name", ({ source, publish, topic }) => {
  it("makes an event of a message, and has the broker forget the message", async () => {
    const queue = await newQueue();
    await publish(publisher, queue, ['{"new": 1, "info": {"build_id": 12345678901234567890}}', "no JSON"]);

    const bridge = start(source(queue));
    await aws.until(({ taken }) => taken.length === 2);
    await stop(bridge);

    const start10 = { topic: topic(queue), headers: { type: "BuildStateChange" } };
    expect(aws.taken[0]).toMatchObject({
      EventBusName: "builds",
      Source: "koji",
      DetailType: "BuildStateChange",
      // Digit for digit.
      Detail: expect.stringContaining('"build_id": 12345678901234567890'),
    });
    expect(aws.details()).toEqual([
      { ...start10, body: JSON.parse('{"new": 1, "info": {"build_id": 12345678901234567890}}') },
      { ...start10, body: "no JSON" },
    ]);
    expect(await publisher.waiting(queue)).toBe(0);
    expect(await publisher.waiting(`${queue}-dead`)).toBe(0);
  });

  it("does not have the broker forget what the bus has not taken", async () => {
    const queue = await newQueue();
    await publish(publisher, queue, numbered(0, 3));
    aws.refuse = () => ({ status: 500, type: "InternalException" });

    const failing = start(source(queue));
    await aws.until(({ calls }) => calls.length >= 3);
    await stop(failing);

    expect(aws.taken).toEqual([]);
    expect(failing.counts).toMatchObject({ put: 0, rejected: 0, released: 3 });
    expect(await publisher.waiting(queue)).toBe(3);

    aws.refuse = () => undefined;
    const working = start(source(queue));
    await aws.until(() => numbers().size === 3);
    await stop(working);

    expect(await publisher.waiting(queue)).toBe(0);
  });

  it("puts again what the bus did not take the first time, and nothing else", async () => {
    const queue = await newQueue();
    const failures = new Map<string, number>();
    aws.fail = ({ Detail }) => {
      const count = failures.get(Detail) ?? 0;
      failures.set(Detail, count + 1);
      return Detail.includes('"number":2') && count < 2 ? "ThrottlingException" : undefined;
    };
    await publish(publisher, queue, numbered(0, 5));

    const bridge = start(source(queue));
    await aws.until(() => numbers().size === 5);
    await stop(bridge);

    expect(aws.taken).toHaveLength(5);
    expect(bridge.counts).toMatchObject({ received: 5, put: 5, failed: 2, released: 0 });
    expect(await publisher.waiting(queue)).toBe(0);
  });

  it("asks for no more messages than may be under way", async () => {
    const queue = await newQueue();
    await publish(publisher, queue, numbered(0, 50));
    aws.refuse = () => ({ status: 400, type: "ThrottlingException" });

    const bridge = start(source(queue));
    await aws.until(({ calls }) => calls.length >= 5);

    expect(bridge.counts.received).toBe(20);
    aws.refuse = () => undefined;
    await aws.until(() => numbers().size === 50);
    await stop(bridge);
    expect(bridge.counts.received).toBe(50);
  });

  it("carries on by itself when the broker goes and comes back, and loses nothing", async () => {
    const queue = await newQueue();
    await publish(publisher, queue, numbered(0, 60));
    const released = Promise.withResolvers<void>();
    const bridge = start(source(queue));
    // Amid a call, with messages that the broker has not been told of.
    await aws.until(({ calls }) => {
      if (calls.length === 2) aws.held = released.promise;
      return calls.length >= 3;
    });

    await broker.shutDown();
    released.resolve();
    await lines.until("Cannot subscribe");
    await broker.start();
    const again = await Publisher.connect(broker.url);
    await publish(again, queue, numbered(60, 80));
    await aws.until(() => numbers().size === 80);
    await stop(bridge);

    expect(bridge.counts.connections).toBe(2);
    expect(await again.waiting(queue)).toBe(0);
    expect(await again.waiting(`${queue}-dead`)).toBe(0);
    await again.close();
  });

  it("waits for a queue that is gone, and goes on when it is there again", async () => {
    const queue = await newQueue();
    const bridge = start(source(queue));
    await publish(publisher, queue, numbered(0, 1));
    await aws.until(() => numbers().has(0));

    await publisher.deleteQueue(queue);
    await lines.until("Connection lost");
    await lines.until("Cannot subscribe");
    await publisher.makeQueue(queue);
    await publish(publisher, queue, numbered(1, 2));
    await aws.until(() => numbers().has(1));
    await stop(bridge);

    expect(await publisher.waiting(queue)).toBe(0);
  });

  it("puts aside what can never be an event, and carries the rest", async () => {
    const queue = await newQueue();
    aws.fail = ({ Detail }) => (Detail.includes("malformed") ? "MalformedDetail" : undefined);
    aws.refuse = (entries) =>
      entries.some(({ Detail }) => Detail.includes("invalid"))
        ? { status: 400, type: "ValidationException" }
        : undefined;
    const poison = [Buffer.from([0xff, 0xfe, 0x00]), "x".repeat(1_000_001), '"malformed"', '"invalid"'];
    const [bytes = "", large = "", ...others] = poison;
    await publish(publisher, queue, [bytes, ...numbered(0, 2), large, ...others, ...numbered(2, 3)]);

    const bridge = start(source(queue));
    await aws.until(() => numbers().size === 3);
    await stop(bridge);

    expect(bridge.counts).toMatchObject({ received: 7, put: 3, rejected: 4, failed: 0, released: 0 });
    expect(lines.count("Message rejected")).toBe(4);
    expect(aws.taken).toHaveLength(3);
    expect(await publisher.waiting(queue)).toBe(0);
    await publisher.until(`${queue}-dead`, 4);
  });

  it("shows its certificate to a broker that asks for one, and needs no password then", async () => {
    const queue = await newQueue();
    await publish(publisher, queue, numbered(0, 1));

    const bridge = start(source(queue), broker.tlsUrl, { ca: PRIVATE_CA, ...CLIENT });
    await aws.until(({ taken }) => taken.length === 1);
    await stop(bridge);

    expect(await publisher.waiting(queue)).toBe(0);
  });

  it.each([
    { who: "has no certificate to show", files: { ca: PRIVATE_CA } },
    { who: "does not trust the broker", files: CLIENT },
  ])("does not get in, and tries again, where it $who", async ({ files }) => {
    const queue = await newQueue();
    await publish(publisher, queue, numbered(0, 1));

    const bridge = start(source(queue), broker.tlsUrl, files);
    await lines.until("Cannot subscribe", 2);
    await stop(bridge);

    expect(bridge.counts).toMatchObject({ received: 0, connections: 0 });
    expect(await publisher.waiting(queue)).toBe(1);
  });

  it("does not get in with a wrong password, which no line of the log has", async () => {
    const queue = await newQueue();
    const wrong = broker.url.replace(PASSWORD, "wrong-horse");

    const bridge = start(source(queue), wrong);
    await lines.until("Cannot subscribe", 2);
    await stop(bridge);

    expect(bridge.counts.connections).toBe(0);
    expect(lines.lines.join("\n")).not.toContain("horse");
  });
});

describe("AMQP 0-9-1", () => {
  it("makes its queue and binds it, as fedora-messaging needs", async () => {
    const key = "org.fedoraproject.prod.buildsys.build.state.change";
    const binding = { exchange: "amq.topic", keys: ["org.fedoraproject.*.buildsys.build.#"] };
    const bridge = start({ protocol: "0-9-1", queue: "omps", binding });
    await lines.until("Subscribed");

    await publisher.publish("amq.topic", "org.fedoraproject.prod.buildsys.tag", "{}");
    await publisher.publish("amq.topic", key, '{"new": 1}', { "sent-at": "2026-11-24T08:31:44+00:00" });
    await aws.until(({ taken }) => taken.length === 1);
    await stop(bridge);

    expect(aws.details()).toEqual([
      { topic: key, headers: { "sent-at": "2026-11-24T08:31:44+00:00" }, body: { new: 1 } },
    ]);
    expect(await publisher.waiting("omps")).toBe(0);
  });
});

describe("AMQP 1.0", () => {
  it("subscribes to several addresses", async () => {
    const [one, other] = [await newQueue(), await newQueue()];
    const bridge = start({ protocol: "1.0", addresses: [`/amq/queue/${one}`, `/amq/queue/${other}`] });

    await publisher.publish("", one, numbered(0, 1)[0] ?? "");
    await publisher.publish("", other, numbered(1, 2)[0] ?? "");
    await aws.until(() => numbers().size === 2);
    await stop(bridge);

    expect(bridge.counts.connections).toBe(1);
  });
});
