import { PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { BusDeclaration } from "../../infra/local/aws/events.ts";
import type { EventPattern } from "../../infra/local/aws/events-pattern.ts";
import type { QueueDeclaration } from "../../infra/local/aws/sqs-queues.ts";
import type { Connected } from "./peer.ts";
import { queuesOf } from "./queues.ts";

/** Each pattern has a bus and a queue of its own, of its name. */
const PATTERNS = {
  "of-all": { source: ["koji", "omps"] },
  "of-exact": { "detail-type": ["build"], detail: { state: [1, true, null, "COMPLETE"] } },
  "of-prefix": { detail: { nvr: [{ prefix: "etcd-" }] } },
  "of-other": { detail: { state: [{ "anything-but": ["FAILED", "DELETED"] }] } },
  "of-other-prefix": { detail: { nvr: [{ "anything-but": { prefix: "etcd-" } }] } },
  "of-nested": { source: ["koji"], detail: { build: { task: { id: [7] } } } },
  "of-resources": { resources: [{ prefix: "arn:koji:" }] },
} satisfies Record<string, EventPattern>;

export const EVENT_QUEUES: readonly QueueDeclaration[] = [
  ...Object.keys(PATTERNS),
  "events",
  "of-both-1",
  "of-both-2",
].map((name) => ({ name }));

export const EVENT_BUSES: readonly BusDeclaration[] = [
  ...Object.entries(PATTERNS).map(([name, pattern]) => ({ name, rules: [{ pattern, queue: name }] })),
  { name: "events", rules: [{ pattern: { source: ["koji"] }, queue: "events" }] },
  {
    name: "of-both",
    rules: [
      { pattern: { source: ["koji"] }, queue: "of-both-1" },
      { pattern: { "detail-type": ["build"] }, queue: "of-both-2" },
    ],
  },
];

const eventSchema = z.looseObject({ id: z.string(), detail: z.looseObject({}) });

type Fields = Partial<PutEventsRequestEntry>;

/** Declares the tests of EventBridge: which events come to which queue, and as what. */
export function probeEvents(peer: Connected): void {
  const queue = queuesOf(peer);
  const entryOf = (EventBusName: string, detail: object, fields: Fields = {}): PutEventsRequestEntry => {
    return { EventBusName, Source: "koji", DetailType: "build", Detail: JSON.stringify(detail), ...fields };
  };
  const put = (...Entries: PutEventsRequestEntry[]) =>
    peer().eventBridge.send(new PutEventsCommand({ Entries }));
  const received = async (name: string) =>
    (await (await queue(name)).receive()).map(({ Body = "" }) => eventSchema.parse(JSON.parse(Body)));
  const details = async (name: string) => (await received(name)).map(({ detail }) => detail);

  describe("an event", () => {
    it("comes to the queue in its envelope", async () => {
      const detail = { nvr: "etcd-1-1", nested: { list: [1, null, "é"] } };
      const Resources = ["arn:koji:build/7"];
      const { FailedEntryCount, Entries = [] } = await put(entryOf("events", detail, { Resources }));

      expect(FailedEntryCount).toBe(0);
      expect(await received("events")).toEqual([
        {
          version: "0",
          id: Entries[0]?.EventId,
          "detail-type": "build",
          source: "koji",
          account: expect.stringMatching(/^\d{12}$/),
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          region: "us-east-1",
          resources: Resources,
          detail,
        },
      ]);
    });

    it.each<[string, keyof typeof PATTERNS, object[], [object, Fields?][]]>([
      [
        "one of the values, and their types",
        "of-exact",
        [{ state: 1 }, { state: true }, { state: null }, { state: "COMPLETE" }, { state: ["x", "COMPLETE"] }],
        [
          [{ state: "1" }],
          [{ state: "complete" }],
          [{ state: 0 }],
          [{}],
          [{ state: 1 }, { DetailType: "tag" }],
        ],
      ],
      ["the beginning", "of-prefix", [{ nvr: "etcd-1" }], [[{ nvr: "xetcd-1" }], [{ nvr: 7 }], [{}]]],
      [
        "another value",
        "of-other",
        [{ state: "COMPLETE" }],
        [[{ state: "FAILED" }], [{ state: "DELETED" }], [{}]],
      ],
      ["another beginning", "of-other-prefix", [{ nvr: "x-1" }], [[{ nvr: "etcd-1" }], [{}]]],
      [
        "a value deep in the detail",
        "of-nested",
        [{ build: { task: { id: 7 }, more: 1 } }],
        [
          [{ build: { task: { id: 8 } } }],
          [{ build: { id: 7 } }],
          [{ build: 7 }],
          [{ build: { task: { id: 7 } } }, { Source: "omps" }],
        ],
      ],
    ])("comes to a queue when its rule wants %s", async (_, name, fitting, others) => {
      await put(
        ...others.map(([detail, fields]) => entryOf(name, detail, fields)),
        ...fitting.map((detail) => entryOf(name, detail)),
      );

      expect(new Set(await details(name))).toEqual(new Set(fitting));
    });

    it("fits by one of its resources", async () => {
      await put(
        entryOf("of-resources", { fits: false }, { Resources: ["arn:other:1"] }),
        entryOf("of-resources", { fits: true }, { Resources: ["arn:other:1", "arn:koji:1"] }),
        entryOf("of-resources", { fits: false }),
      );

      expect(await details("of-resources")).toEqual([{ fits: true }]);
    });

    it("comes to each queue whose rule it fits, once", async () => {
      await put(entryOf("of-both", { n: 1 }), entryOf("of-both", { n: 2 }, { DetailType: "tag" }));

      expect(await details("of-both-1")).toEqual([{ n: 1 }, { n: 2 }]);
      expect(await details("of-both-2")).toEqual([{ n: 1 }]);
    });

    it("for a bus that is not there is accepted, and lost", async () => {
      const { FailedEntryCount, Entries } = await put(entryOf("none", {}), entryOf("of-all", { n: 1 }));

      expect(FailedEntryCount).toBe(0);
      expect(Entries).toMatchObject([{ EventId: expect.any(String) }, { EventId: expect.any(String) }]);
      expect(await details("of-all")).toEqual([{ n: 1 }]);
    });

    it("in the name of AWS is refused, and no other one with it", async () => {
      const { FailedEntryCount, Entries } = await put(
        entryOf("of-all", { n: 1 }, { Source: "aws.s3" }),
        entryOf("of-all", { n: 2 }),
      );

      expect(FailedEntryCount).toBe(1);
      expect(Entries).toMatchObject([
        { ErrorCode: "NotAuthorizedForSourceException" },
        { EventId: expect.any(String) },
      ]);
      expect(Entries?.[0]).not.toHaveProperty("EventId");
      expect(await details("of-all")).toEqual([{ n: 2 }]);
    });

    it("may be one of ten in a request, and of no more", async () => {
      const eleven = Array.from({ length: 11 }, (_, n) => entryOf("of-all", { n }));

      await expect(put(...eleven)).rejects.toMatchObject({ name: "ValidationException" });
      expect(await details("of-all")).toEqual([]);
      await put(...eleven.slice(1));
      expect(await details("of-all")).toHaveLength(10);
    });
  });
}
