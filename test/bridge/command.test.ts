import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Publisher } from "./publisher.ts";
import { PutEventsStandIn } from "./put-events.ts";
import { PASSWORD, type RabbitMq, startRabbitMq } from "./rabbitmq.ts";

let broker: RabbitMq;
let publisher: Publisher;
let aws: PutEventsStandIn;
let child: ChildProcess | undefined;
let printed = "";

beforeAll(async () => {
  broker = await startRabbitMq();
});

afterAll(async () => broker?.stop());

beforeEach(async () => {
  publisher = await Publisher.connect(broker.url);
  await publisher.deleteQueue("builds");
  await publisher.makeQueue("builds");
  aws = await PutEventsStandIn.start();
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await publisher.close();
  await aws.close();
});

/** Starts the command as a container would. */
function start(): ChildProcess {
  printed = "";
  child = spawn(process.execPath, ["bin/bridge.ts"], {
    env: {
      PATH: process.env["PATH"],
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      BRIDGE_URL: broker.url,
      BRIDGE_PROTOCOL: "0-9-1",
      BRIDGE_QUEUE: "builds",
      BRIDGE_BUS: "bus",
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  return child;
}

it("ends with 0 on SIGTERM, after the call that is under way, and loses nothing", async () => {
  const answer = Promise.withResolvers<void>();
  aws.held = answer.promise;
  await publisher.publish("", "builds", '{"number": 1}');
  const bridge = start();
  const ended = once(bridge, "close");
  await aws.until(({ calls }) => calls.length === 1);

  bridge.kill("SIGTERM");
  // Nobody consumes any more.
  await publisher.waiting("builds");
  await publisher.publish("", "builds", '{"number": 2}');
  answer.resolve();

  expect(await ended).toEqual([0, null]);
  expect(aws.details()).toEqual([{ topic: "builds", headers: {}, body: { number: 1 } }]);
  expect(await publisher.waiting("builds")).toBe(1);
  const lines = printed.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(["Subscribed", "Stopped"]);
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ received: 1, put: 1, rejected: 0, released: 0 });
  expect(printed).not.toContain(PASSWORD);
});

it("gives back on SIGTERM what the bus does not take", async () => {
  aws.refuse = () => ({ status: 400, type: "ThrottlingException" });
  await publisher.publish("", "builds", '{"number": 3}');
  const bridge = start();
  const ended = once(bridge, "close");
  await aws.until(({ calls }) => calls.length >= 2);

  bridge.kill("SIGTERM");

  expect(await ended).toEqual([0, null]);
  expect(aws.taken).toEqual([]);
  expect(await publisher.waiting("builds")).toBe(1);
});
