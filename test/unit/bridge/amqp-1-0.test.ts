import { once } from "node:events";
import type { Socket } from "node:net";
import rhea, { type Container, type Message, type Sender } from "rhea";
import { describe, expect, it } from "vitest";
import { amqp10 } from "../../../bridge/amqp-1-0.ts";
import type { Delivery, Subscription } from "../../../bridge/broker.ts";
import { Secret } from "../../../lib/telemetry/index.ts";

/** Opens each link that is asked for. */
function letIn(container: Container): void {
  container.on("sender_open", ({ sender }: { sender: Sender }) => {
    sender.set_source({ address: sender.source.address });
  });
}

/** A broker that sends these messages to whoever asks, as far as he asks, and notes what he says of them. */
async function startBroker(messages: readonly Message[], set: (container: Container) => void = letIn) {
  const container = rhea.create_container();
  set(container);
  const told: string[] = [];
  const waiting = [...messages];
  container.on("sendable", ({ sender }: { sender: Sender }) => {
    for (let next = waiting[0]; next && sender.sendable(); next = waiting[0]) {
      waiting.shift();
      sender.send(next);
    }
  });
  const changed: (() => void)[] = [];
  for (const outcome of ["accepted", "rejected", "released"])
    container.on(outcome, () => {
      told.push(outcome);
      for (const check of changed) check();
    });
  // What clients do is no concern of the test.
  for (const name of ["disconnected", "connection_close", "error"]) container.on(name, () => {});
  const server = container.listen({ host: "127.0.0.1", port: 0 });
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => sockets.push(socket));
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => told.length >= count && resolve();
      changed.push(check);
      check();
    });
  return { port, close, told, until };
}

interface Subscribed {
  readonly subscription: Subscription;
  readonly deliveries: Delivery[];
  readonly until: (count: number) => Promise<void>;
}

async function subscribe(port: number, prefetch = 10, password?: string): Promise<Subscribed> {
  const deliveries: Delivery[] = [];
  const changed: (() => void)[] = [];
  const broker = { host: "127.0.0.1", port, tls: false, vhost: "/", files: {} };
  const login = { username: password && "jdoe", password: password ? new Secret(password) : undefined };
  const source = { broker: { ...broker, ...login }, addresses: ["topic://koji.build.*"], prefetch };
  const subscription = await amqp10(source)((delivery) => {
    deliveries.push(delivery);
    for (const check of changed) check();
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => deliveries.length >= count && resolve();
      changed.push(check);
      check();
    });
  return { subscription, deliveries, until };
}

describe("a subscription by AMQP 1.0", () => {
  it("gives messages with their properties, and their text as it came", async () => {
    const data = (content: Buffer) => ({ typecode: 0x75, content, multiple: false });
    const broker = await startBroker([
      { body: '{"new": 1}', application_properties: { type: "BuildStateChange", old: null } },
      { body: data(Buffer.from("é")), to: "topic://koji.build.complete" },
      { body: data(Buffer.from([0xff])) },
      { body: { a: "map" } },
      { body: null },
    ]);

    const { subscription, deliveries, until } = await subscribe(broker.port);
    await until(5);

    const topic = "topic://koji.build.*";
    expect(deliveries.map(({ message }) => message)).toEqual([
      { topic, headers: { type: "BuildStateChange", old: null }, text: '{"new": 1}' },
      { topic: "topic://koji.build.complete", headers: {}, text: "é" },
      { topic, headers: {}, text: undefined },
      { topic, headers: {}, text: undefined },
      { topic, headers: {}, text: undefined },
    ]);
    await subscription.close();
    await broker.close();
  });

  it("tells the broker of each message what it is told, and nothing before", async () => {
    const broker = await startBroker(Array.from({ length: 6 }, (_, index) => ({ body: String(index) })));
    const { subscription, deliveries, until } = await subscribe(broker.port);
    await until(6);
    expect(broker.told).toEqual([]);

    const [one, two, three, four, five, six] = deliveries;
    one?.accept();
    two?.reject();
    three?.release();
    four?.accept();
    five?.accept();
    six?.release();
    await broker.until(6);

    expect(broker.told).toEqual(["accepted", "rejected", "released", "accepted", "accepted", "released"]);
    await subscription.close();
    await broker.close();
  });

  it("asks for as many as may be under way, and for more as it is done with them", async () => {
    const broker = await startBroker(Array.from({ length: 7 }, (_, index) => ({ body: String(index) })));
    const { subscription, deliveries, until } = await subscribe(broker.port, 3);
    await until(3);

    expect(deliveries).toHaveLength(3);
    for (const delivery of deliveries.slice(0, 3)) delivery.accept();
    await until(6);
    expect(deliveries).toHaveLength(6);
    await subscription.close();
    await broker.close();
  });

  it("gives back what comes after it takes no more", async () => {
    const broker = await startBroker([{ body: "1" }, { body: "2" }]);
    const { subscription, deliveries, until } = await subscribe(broker.port, 1);
    await until(1);

    await subscription.stopTaking();
    deliveries[0]?.accept();
    await subscription.close();

    expect(broker.told).toEqual(["accepted"]);
    expect(deliveries).toHaveLength(1);
    await broker.close();
  });

  it("ends when the connection does, and what was delivered is lost then", async () => {
    const broker = await startBroker([{ body: "1" }]);
    const { subscription, deliveries, until } = await subscribe(broker.port);
    await until(1);
    expect(deliveries[0]?.lost).toBe(false);

    await broker.close();
    await subscription.ended;

    expect(deliveries[0]?.lost).toBe(true);
    deliveries[0]?.accept();
    expect(broker.told).toEqual([]);
  });

  it("is refused with what the broker says", async () => {
    const broker = await startBroker([], (container) =>
      container.on("sender_open", ({ sender }: { sender: Sender }) =>
        sender.close({ condition: "amqp:unauthorized-access", description: "not for you" }),
      ),
    );

    const ended = subscribe(broker.port).then(({ subscription }) => subscription.ended);

    expect(await ended.catch((error: unknown) => error)).toEqual(
      new Error("amqp:unauthorized-access: not for you"),
    );
    await broker.close();
  });

  it("is refused where the password is wrong", async () => {
    const broker = await startBroker([], (container) => {
      letIn(container);
      container.sasl_server_mechanisms.enable_plain(
        (_user: string, password: string) => password === "right",
      );
    });

    await expect(subscribe(broker.port, 10, "wrong")).rejects.toThrow(/auth/i);
    const { subscription } = await subscribe(broker.port, 10, "right");
    await subscription.close();
    await broker.close();
  });

  it("is refused where nobody listens", async () => {
    const broker = await startBroker([]);
    await broker.close();

    await expect(subscribe(broker.port)).rejects.toThrow("ECONNREFUSED");
  });
});
