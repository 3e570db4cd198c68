import {
  ListEventBusesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";
import { type ConnectedPeer, connectTo } from "../../aws/peer.ts";

const START = Date.UTC(2026, 10, 24, 14, 7, 6, 999);

/** The limit of a request, in bytes. */
const MAX_BYTES = 1_048_576;

let aws: AwsStandIn;
let peer: ConnectedPeer;

beforeAll(async () => {
  aws = await startAws(
    {},
    {
      queues: [{ name: "builds" }],
      buses: [{ name: "omps", rules: [{ pattern: { source: ["koji"] }, queue: "builds" }] }],
      now: () => START,
    },
  );
  peer = connectTo({ ...aws, bucket: "", key: "probe", addSecret: async () => {} });
});
beforeEach(() => {
  aws.sqs.reset();
  aws.eventBridge.reset();
});
afterAll(() => aws.close());

const BUILD = { EventBusName: "omps", Source: "koji", DetailType: "build", Detail: '{"n":1}' };

const put = (...entries: Partial<PutEventsRequestEntry>[]) => {
  const Entries = entries.map((entry) => ({ ...BUILD, ...entry }));
  return peer.eventBridge.send(new PutEventsCommand({ Entries }));
};

/** The detail with which an entry has so many bytes. */
function detail(bytes: number): string {
  const counted = [BUILD.Source, BUILD.DetailType, '{"é":""}'].join("");
  return `{"é":"${"a".repeat(bytes - Buffer.byteLength(counted))}"}`;
}

const delivered = (): unknown[] =>
  aws.sqs.queues.get("builds")?.messages.map(({ body }): unknown => JSON.parse(body)) ?? [];

describe("the stand-in for EventBridge", () => {
  it.each([
    ["no JSON", { Detail: "{" }, "MalformedDetail"],
    ["a list", { Detail: "[]" }, "MalformedDetail"],
    ["a text", { Detail: '"text"' }, "MalformedDetail"],
    ["null", { Detail: "null" }, "MalformedDetail"],
    ["no detail", { Detail: undefined }, "InvalidArgument"],
    ["no source", { Source: undefined }, "InvalidArgument"],
    ["no detail type", { DetailType: "" }, "InvalidArgument"],
  ])("refuses an entry with %s, and takes the other one", async (_, entry, ErrorCode) => {
    const { FailedEntryCount, Entries } = await put(entry, { Detail: '{"n":2}' });

    expect(FailedEntryCount).toBe(1);
    expect(Entries).toMatchObject([{ ErrorCode }, { EventId: expect.any(String) }]);
    expect(Entries?.[0]).not.toHaveProperty("EventId");
    expect(delivered()).toMatchObject([{ detail: { n: 2 } }]);
  });

  it("dates an event by its clock, in whole seconds, or by the time of the entry", async () => {
    await put({}, { Time: new Date("2022-01-01T00:00:00Z") });

    expect(delivered()).toMatchObject([{ time: "2026-11-24T14:07:06Z" }, { time: "2022-01-01T00:00:00Z" }]);
  });

  it("knows a bus by its ARN too", async () => {
    await put({ EventBusName: "arn:aws:events:us-east-1:000000000000:event-bus/omps" });

    expect(delivered()).toHaveLength(1);
  });

  it("takes a request of 1 MiB, and refuses a larger one as a whole", async () => {
    await put({ Detail: detail(MAX_BYTES) });
    expect(delivered()).toHaveLength(1);

    await expect(put({ Detail: detail(MAX_BYTES + 1) })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await expect(
      put({ Detail: detail(MAX_BYTES / 2) }, { Detail: detail(MAX_BYTES / 2 + 1) }),
    ).rejects.toThrow("over the limit");
    expect(delivered()).toHaveLength(1);
  });

  it("counts time and resources of an entry too", async () => {
    const Detail = detail(MAX_BYTES - 5);

    await expect(put({ Detail, Time: new Date(START) })).rejects.toThrow("over the limit");
    await expect(put({ Detail, Resources: ["arn:koji:build"] })).rejects.toThrow("over the limit");
    await put({ Detail });
    expect(delivered()).toHaveLength(1);
  });

  it("shows the calls, with the bus of each entry", async () => {
    await put({}, { EventBusName: undefined });

    expect(aws.eventBridge.requests).toEqual(["PutEvents omps default"]);
  });

  it("lets a call fail by a part of its line, until it is reset", async () => {
    aws.eventBridge.faults.add("omps");
    await expect(put({})).rejects.toMatchObject({
      name: "InternalException",
      $fault: "server",
      $metadata: { httpStatusCode: 500 },
    });
    expect(delivered()).toEqual([]);

    aws.eventBridge.reset();

    expect(aws.eventBridge.requests).toEqual([]);
    await put({});
    expect(delivered()).toHaveLength(1);
  });

  it("has no other operation", async () => {
    await expect(peer.eventBridge.send(new ListEventBusesCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
  });

  it.each(["none", "pushes.fifo"])("does not start with a rule for %s", async (queue) => {
    const buses = [{ name: "omps", rules: [{ pattern: {}, queue }] }];

    await expect(startAws({}, { queues: [{ name: "pushes.fifo" }], buses })).rejects.toThrow(
      `No rule can send to ${queue}.`,
    );
  });
});
