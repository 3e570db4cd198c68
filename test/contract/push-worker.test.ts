import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FIRST_PAUSE_S, MAX_REASON, MAX_TRIES } from "../../lib/worker/index.ts";
import { type KojiBuildSeed, operatorBuild } from "../fakes/koji.ts";
import { metric, said } from "../support/lines.ts";
import { ACME, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { batch, type MessageParts, notDone, queueMessage } from "../support/queue-event.ts";

const NVR = "etcd-operator-container-0.9.4-1";
const NEXT = "etcd-operator-container-0.9.5-1";
const GROUP = "acme/etcd-operator-container";
const JOB = { build_id: 1, nvr: NVR, organization: "acme", rule: "0123456789ab" };

/** Another content of the same package. */
const other = packageZip({ versions: ["0.2.0"] });

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    greenwave: true,
    config: { organizations: { acme: {}, open: { public: true } } },
    secrets: {
      "omps/acme": JSON.stringify({ push_token: ACME.token }),
      "omps/open": JSON.stringify({ push_token: ACME.token, oauth_token: ACME.oauthToken }),
      "omps/stranger": JSON.stringify({ push_token: ACME.stranger }),
      "omps/poor": JSON.stringify({ oauth_token: ACME.oauthToken }),
      "omps/broken": "no JSON",
    },
  });
});
beforeEach(() => {
  omps.reset();
  builds(operatorBuild(NVR, packageZip()));
});
afterAll(() => omps.close());

const builds = (...seeds: KojiBuildSeed[]) => omps.koji.reset({ builds: seeds });
const work = async (job: unknown, parts: MessageParts = {}) =>
  notDone(await omps.deliver("push-worker", batch(queueMessage(job, { group: GROUP, ...parts }))));
const releases = (repository = "acme/etcd") => omps.quay.packages()[repository]?.releases;
const pushes = () => omps.ops().filter((op) => op === "push");
const aside = () => omps.messaging.sent.filter(({ queue }) => queue === "aside.fifo");
const events = () => omps.messaging.events;

describe("a push that was queued", () => {
  it("publishes the build with the organization's push token, under the next version", async () => {
    expect(await work(JOB)).toEqual([]);

    expect(releases()).toEqual(["1.0.0"]);
    expect(omps.quay.requests.at(-1)?.headers["authorization"]).toBe(ACME.token);
    expect(aside()).toEqual([]);
  });

  it("publishes it under the version of its rule", async () => {
    await work({ ...JOB, version: "0.9.4" });

    expect(releases()).toEqual(["0.9.4"]);
  });

  it("makes the repository of a public organization public", async () => {
    await work({ ...JOB, organization: "open" });

    expect(omps.quay.packages()["open/etcd"]).toEqual({ visibility: "public", releases: ["1.0.0"] });
  });

  it("is told on the bus", async () => {
    await work(JOB);

    expect(events()).toEqual([
      {
        bus: "builds",
        source: "omps",
        type: "omps.release.published",
        detail: {
          organization: "acme",
          repository: "etcd",
          version: "1.0.0",
          nvr: NVR,
          build_id: 1,
          rule: JOB.rule,
        },
      },
    ]);
  });

  it("is a success also where it cannot be told, which the log says", async () => {
    omps.messaging.denied.add("PutEvents");

    expect(await work(JOB)).toEqual([]);
    expect(releases()).toEqual(["1.0.0"]);
    expect(said(omps.lines, /^The event cannot be put on the bus$/)).toMatchObject([{ level: "ERROR" }]);
    // It answered, and so is not down.
    expect(metric(omps.lines, "UpstreamFailures")).toContainEqual(
      expect.objectContaining({ upstream: "eventbridge", UpstreamFailures: 0 }),
    );
  });

  it("is on record, as a request with the message's ID", async () => {
    await work(JOB, { id: "message-7" });

    const about = { request_id: "message-7", organization: "acme", repository: "etcd", nvr: NVR };
    expect(said(omps.lines, /^Request answered$/)).toMatchObject([
      { ...about, action: "push", outcome: "ok" },
    ]);
    expect(said(omps.lines, /^Release pushed$/)).toMatchObject([{ ...about, audit: true }]);
    expect(metric(omps.lines, "Pushes")).toMatchObject([{ outcome: "ok", organization: "acme" }]);
  });
});

describe("a build that is published already", () => {
  it("is a success and is not pushed again, whatever version it got", async () => {
    await work(JOB);
    await work(JOB);

    expect(releases()).toEqual(["1.0.0"]);
    expect(pushes()).toHaveLength(1);
    expect(events().map(({ type }) => type)).toEqual(["omps.release.published", "omps.release.published"]);
    expect(events()[1]?.detail).toEqual(events()[0]?.detail);
  });

  it("is found behind newer releases", async () => {
    builds(operatorBuild(NVR, packageZip()), operatorBuild(NEXT, other));
    await work(JOB);
    await work({ ...JOB, nvr: NEXT, build_id: 2 });
    await work(JOB);

    expect(releases()).toEqual(["2.0.0", "1.0.0"]);
  });

  it("as another version than that of the rule is published under that one too", async () => {
    await work(JOB);
    await work({ ...JOB, version: "9.0.0" });

    expect(releases()).toEqual(["9.0.0", "1.0.0"]);
  });

  it("may be that, when Quay does not tell: nothing is pushed, and it is tried again", async () => {
    await work(JOB);
    omps.quay.faults = [{ op: "helm", do: { status: 502 } }];
    const before = pushes().length;

    expect(await work(JOB)).toEqual(["message-1"]);
    expect(pushes()).toHaveLength(before);
  });
});

describe("a push that fails for what may pass", () => {
  beforeEach(() => {
    omps.quay.faults = [{ op: "push", do: { status: 502 } }];
  });

  it.each([
    [1, FIRST_PAUSE_S],
    [2, FIRST_PAUSE_S * 3],
    [3, FIRST_PAUSE_S * 9],
    [MAX_TRIES - 1, FIRST_PAUSE_S * 27],
  ])("is tried again, later each time: after try %i in %i s", async (tries, seconds) => {
    expect(await work(JOB, { tries })).toEqual(["message-1"]);

    expect(omps.messaging.hidden).toEqual([
      { queue: "pushes.fifo", receiptHandle: "receipt of message-1", seconds },
    ]);
    expect(aside()).toEqual([]);
    expect(events()).toEqual([]);
    expect(metric(omps.lines, "Failures")).toMatchObject([{ Failures: 1 }]);
  });

  it("is put aside with the reason after the last try, which is told on the bus", async () => {
    expect(await work(JOB, { tries: MAX_TRIES })).toEqual([]);

    expect(omps.messaging.hidden).toEqual([]);
    expect(aside()).toEqual([
      {
        queue: "aside.fifo",
        body: JSON.stringify(JOB),
        group: "message-1",
        deduplicationId: "message-1",
        attributes: {
          error: "QuayCourierError",
          reason: expect.stringContaining("HTTP status 502"),
          message_id: "message-1",
          tries: String(MAX_TRIES),
        },
      },
    ]);
    expect(events()).toMatchObject([
      {
        type: "omps.release.failed",
        detail: { ...JOB, error: "QuayCourierError", reason: expect.any(String), message_id: "message-1" },
      },
    ]);
  });

  it("takes the rest of its group with it, and no other group", async () => {
    builds(operatorBuild(NVR, packageZip()), operatorBuild(NEXT, packageZip()));
    omps.quay.faults = [{ op: "push", match: "/acme/", do: { status: 502 } }];
    const result = await omps.deliver(
      "push-worker",
      batch(
        queueMessage(JOB, { id: "a", group: GROUP }),
        queueMessage({ ...JOB, organization: "open" }, { id: "b", group: "open/etcd-operator-container" }),
        queueMessage({ ...JOB, nvr: NEXT }, { id: "c", group: GROUP }),
      ),
    );

    expect(notDone(result)).toEqual(["a", "c"]);
    expect(releases("open/etcd")).toEqual(["1.0.0"]);
    expect(omps.koji.requests.filter(({ body }) => body.includes(NEXT))).toEqual([]);
  });

  it("is tried again also where it cannot be postponed", async () => {
    omps.messaging.denied.add("ChangeMessageVisibility");

    expect(await work(JOB)).toEqual(["message-1"]);
    expect(said(omps.lines, /^The push cannot be postponed$/)).toHaveLength(1);
  });

  it("is tried again where it cannot be put aside", async () => {
    omps.messaging.denied.add("SendMessage aside.fifo");

    expect(await work(JOB, { tries: MAX_TRIES })).toEqual(["message-1"]);
    expect(events()).toEqual([]);
  });
});

describe("a push that cannot be done", () => {
  it.each<[string, unknown, string, KojiBuildSeed[]?]>([
    ["is no message of ours", "no JSON", "OMPSInvalidMessage"],
    ["is to an organization without a secret", { ...JOB, organization: "nobody" }, "OMPSPushTokenRequired"],
    ["is to an organization without a push token", { ...JOB, organization: "poor" }, "OMPSPushTokenRequired"],
    ["is one that Quay does not allow", { ...JOB, organization: "stranger" }, "QuayAuthorizationError"],
    ["is of a build that is gone", JOB, "KojiNVRBuildNotFound", []],
    ["is of a build that is no operator", JOB, "KojiNotAnOperatorImage", [{ nvr: NVR }]],
    ["has a version that is none", { ...JOB, version: "1" }, "OMPSInvalidVersionFormat"],
    [
      "breaks the rules",
      JOB,
      "PackageValidationError",
      [operatorBuild(NVR, packageZip({ spec: "  version: 1\n" }))],
    ],
  ])("is put aside at the first try, and its group goes on: it %s", async (_, job, error, seeds) => {
    if (seeds) builds(...seeds);

    expect(await work(job)).toEqual([]);
    expect(aside()).toMatchObject([{ attributes: { error, reason: expect.stringMatching(/\S/) } }]);
    expect(events()).toMatchObject([{ type: "omps.release.failed", detail: { error } }]);
    expect(omps.quay.packages()).toEqual({});
    expect(omps.messaging.hidden).toEqual([]);
  });

  it("is put aside with a reason that is cut to what a person reads", async () => {
    await work({ ...JOB, organization: "o".repeat(MAX_REASON) });

    expect(aside()[0]?.attributes["reason"]).toHaveLength(MAX_REASON);
  });

  it("is put aside when Greenwave is against it", async () => {
    omps.greenwave.refuse(NVR);

    expect(await work(JOB)).toEqual([]);
    expect(aside()).toMatchObject([{ attributes: { error: "GreenwaveUnsatisfiedError" } }]);
    expect(omps.quay.requests).toEqual([]);
  });

  it("is put aside when its version is there with another content", async () => {
    builds(operatorBuild(NVR, packageZip()), operatorBuild(NEXT, other));
    await work({ ...JOB, version: "1.0.0" });
    await work({ ...JOB, version: "1.0.0", nvr: NEXT });

    expect(aside()).toMatchObject([{ attributes: { error: "QuayCourierError" } }]);
    expect(metric(omps.lines, "Pushes").at(-1)).toMatchObject({ outcome: "exists" });
  });

  it("lets the pushes behind it through", async () => {
    const result = await omps.deliver(
      "push-worker",
      batch(queueMessage("no JSON", { id: "a", group: GROUP }), queueMessage(JOB, { id: "b", group: GROUP })),
    );

    expect(notDone(result)).toEqual([]);
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("stays where it is when it comes from the dead letters, and those behind it go on", async () => {
    const from = { group: GROUP, queue: "aside.fifo" };
    const result = await omps.deliver(
      "push-worker",
      batch(queueMessage("no JSON", { id: "a", ...from }), queueMessage(JOB, { id: "b", ...from })),
    );

    expect(notDone(result)).toEqual(["a"]);
    expect(omps.messaging.sent).toEqual([]);
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("is tried again while the organization's secret cannot be read", async () => {
    expect(await work({ ...JOB, organization: "broken" })).toEqual(["message-1"]);
    expect(metric(omps.lines, "Pushes")).toMatchObject([{ error_id: "OMPSConfigurationError" }]);
    expect(omps.quay.requests).toEqual([]);
  });
});

it("never shows the push token", async () => {
  await work(JOB);
  omps.quay.faults = [{ op: "push", do: { status: 502 } }];
  await work({ ...JOB, version: "7.0.0" }, { tries: MAX_TRIES });

  const { sent, hidden } = omps.messaging;
  const shown = JSON.stringify([
    sent,
    hidden,
    events(),
    omps.lines,
    omps.koji.requests,
    omps.greenwave.requests,
  ]);
  expect(sent).not.toEqual([]);
  for (const secret of [ACME.token.replace("basic ", ""), "canary-robot-token"])
    expect(shown).not.toContain(secret);
});
