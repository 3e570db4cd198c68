import type { EventBridgeEvent } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_LOOKUPS } from "../../lib/worker/index.ts";
import { type KojiBuildSeed, operatorBuild } from "../fakes/koji.ts";
import { protonNotification } from "../support/koji-notifications.ts";
import { metric, said } from "../support/lines.ts";
import { type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { batch, type MessageParts, notDone, queueMessage } from "../support/queue-event.ts";

const NVR = "etcd-operator-container-0.9.4-1";
const complete = protonNotification("build.complete__etcd-operator-container");
const tagged = protonNotification("build.tag__etcd-operator-container");

const RULES = [
  { package: "etcd-operator-container", organization: "acme" },
  { nvr: "etcd-*-0.9.*", organization: "open", version: "0.9.4" },
  { tag: "operators-*", organization: "acme" },
  { package: "other", organization: "acme" },
];

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({ config: { notifications: { rules: RULES } } });
});
beforeEach(() => {
  omps.reset();
  builds(operatorBuild(NVR, packageZip()));
});
afterAll(() => omps.close());

const builds = (...seeds: KojiBuildSeed[]) => omps.koji.reset({ builds: seeds });

/** The event in which EventBridge puts what a bridge sends, for the queue. */
function eventOf(detail: unknown): EventBridgeEvent<string, unknown> {
  return {
    id: "event-1",
    version: "0",
    account: "000000000000",
    time: "2026-11-24T08:12:38Z",
    region: "us-east-1",
    resources: [],
    source: "koji",
    "detail-type": "BuildStateChange",
    detail,
  };
}

const deliver = async (body: unknown, parts?: MessageParts) =>
  notDone(await omps.deliver("on-build-notification", batch(queueMessage(body, parts))));
const notify = (notification: unknown, parts?: MessageParts) => deliver(eventOf(notification), parts);
const sent = () => omps.messaging.sent;
const jobs = () => sent().map(({ body }): unknown => JSON.parse(body));
const asked = () => omps.koji.requests.map(({ op }) => op);
const outcomes = () => metric(omps.lines, "Notifications").map((line) => line["outcome"]);

describe("a notification of a build that is complete", () => {
  it("queues one push for each rule that wants it, in order for its package", async () => {
    expect(await notify(complete)).toEqual([]);

    expect(jobs()).toEqual([
      { build_id: 1, nvr: NVR, organization: "acme", rule: expect.stringMatching(/^[0-9a-f]{12}$/) },
      { build_id: 1, nvr: NVR, organization: "open", version: "0.9.4", rule: expect.any(String) },
    ]);
    expect(sent()).toMatchObject([
      { queue: "pushes.fifo", group: "acme/etcd-operator-container" },
      { queue: "pushes.fifo", group: "open/etcd-operator-container" },
    ]);
    expect(outcomes()).toEqual(["matched"]);
    expect(omps.quay.requests).toEqual([]);
  });

  it("that comes twice queues nothing new: build and rule tell each push from others", async () => {
    await notify(complete);
    await notify(complete);

    const ids = sent().map(({ deduplicationId }) => deduplicationId);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^1-[0-9a-f]{12}$/);
  });

  it("is believed in nothing but the NVR: the hub says which build it is", async () => {
    builds({ ...operatorBuild(NVR, packageZip()), id: 99 });
    await notify(complete);

    expect(jobs()).toMatchObject([{ build_id: 99 }, { build_id: 99 }]);
  });

  it("may come as an event without a queue", async () => {
    await omps.deliver("on-build-notification", eventOf(complete));

    expect(jobs()).toHaveLength(2);
  });

  it("is one line of the log, with the message's ID and the calls that it took", async () => {
    await notify(complete, { id: "message-7" });

    expect(said(omps.lines, /^Notification/)).toMatchObject([
      {
        message: "Notification matched",
        request_id: "message-7",
        action: "notify",
        nvr: NVR,
        outcome: "matched",
        calls: { koji: { count: 1 }, sqs: { count: 2, failures: 0 } },
      },
    ]);
    expect(metric(omps.lines, "Failures")).toEqual([]);
  });
});

describe("a notification of a new tag", () => {
  const withTags = (...tags: string[]) => builds({ ...operatorBuild(NVR, packageZip()), tags });

  it("queues a push for the rules with that tag, and for no others", async () => {
    withTags("operators-candidate");
    await notify(tagged);

    expect(jobs()).toMatchObject([{ organization: "acme" }]);
    expect(asked()).toEqual(["getBuild", "listTags"]);
  });

  it("that the hub does not list is asked for again, as the hub may lag", async () => {
    withTags();

    expect(await notify(tagged)).toEqual(["message-1"]);
    expect(jobs()).toEqual([]);
    expect(outcomes()).toEqual(["not-found-yet"]);
  });

  it("that the hub never lists queues nothing: anyone could send it", async () => {
    withTags();

    expect(await notify(tagged, { tries: MAX_LOOKUPS })).toEqual([]);
    expect(jobs()).toEqual([]);
    expect(outcomes()).toEqual(["not-found"]);
  });
});

describe("a notification is dropped and counted, and nothing is queued,", () => {
  const noOperator = protonNotification("build.complete__httpd-container");
  const forged = { body: { ...complete.body, info: { nvr: "other-1-1" } } };

  it.each<[string, unknown, string, string[]]>([
    [
      "that says itself that the build is not complete",
      protonNotification("build.building__etcd-operator-container"),
      "not-complete",
      [],
    ],
    ["that no rule wants", noOperator, "ignored", []],
    ["about something else", protonNotification("import.cg__etcd-operator-container"), "other-event", []],
    ["that is malformed", "no JSON", "malformed", []],
    ["of a build that is not there, after some tries", forged, "not-found", ["getBuild"]],
  ])("%s", async (_, notification, outcome, calls) => {
    expect(await notify(notification, { tries: MAX_LOOKUPS })).toEqual([]);

    expect(outcomes()).toEqual([outcome]);
    expect(asked()).toEqual(calls);
    expect(sent()).toEqual([]);
  });

  it("of a build that the hub says is not complete", async () => {
    builds({ ...operatorBuild(NVR, packageZip()), state: "DELETED" });
    await notify(complete, { tries: MAX_LOOKUPS });

    expect(outcomes()).toEqual(["not-found"]);
    expect(sent()).toEqual([]);
  });

  it("of a build of which the hub does not say what it carries", async () => {
    const nothing =
      "<methodResponse><params><param><value><struct></struct></value></param></params></methodResponse>";
    omps.koji.faults = [{ op: "getBuild", do: { status: 200, body: nothing } }];

    expect(await notify(complete)).toEqual([]);
    expect(outcomes()).toEqual(["not-an-operator"]);
  });

  it("of a build that is no operator", async () => {
    builds({ nvr: NVR });

    expect(await notify(complete)).toEqual([]);
    expect(outcomes()).toEqual(["not-an-operator"]);
    expect(sent()).toEqual([]);
  });

  it("that is huge", async () => {
    expect(await deliver("x".repeat(1024 * 1024 + 1))).toEqual([]);
    expect(outcomes()).toEqual(["too-large"]);
  });
});

describe("a notification is tried again", () => {
  it("when the hub does not know the build yet", async () => {
    builds();

    expect(await notify(complete, { tries: MAX_LOOKUPS - 1 })).toEqual(["message-1"]);
    expect(outcomes()).toEqual(["not-found-yet"]);
  });

  it("when the hub cannot be asked", async () => {
    omps.koji.faults = [{ op: "getBuild", do: { status: 503 } }];

    expect(await notify(complete)).toEqual(["message-1"]);
    expect(outcomes()).toEqual(["failed"]);
    expect(said(omps.lines, /^Notification failed$/)).toMatchObject([{ level: "ERROR", nvr: NVR }]);
  });

  it("when a push cannot be queued", async () => {
    omps.messaging.denied.add("SendMessage");

    expect(await notify(complete)).toEqual(["message-1"]);
    expect(outcomes()).toEqual(["failed"]);
  });

  it("alone: the others of its batch are done", async () => {
    omps.koji.faults = [{ op: "getBuild", match: "other-1-1", do: { status: 503 } }];
    const other = { body: { ...complete.body, info: { nvr: "other-1-1" } } };
    const records = [
      queueMessage(eventOf(other), { id: "a" }),
      queueMessage(eventOf(complete), { id: "b" }),
      queueMessage("malformed", { id: "c" }),
    ];

    expect(notDone(await omps.deliver("on-build-notification", batch(...records)))).toEqual(["a"]);
    expect(jobs()).toHaveLength(2);
  });

  it("as an event without a queue by failing, as EventBridge wants it", async () => {
    omps.koji.faults = [{ op: "getBuild", do: { status: 503 } }];

    await expect(omps.deliver("on-build-notification", eventOf(complete))).rejects.toThrow(
      "could not be worked on",
    );
  });
});
