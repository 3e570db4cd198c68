import { describe, expect, it } from "vitest";
import { MAX_NOTIFICATION_BYTES, MAX_WRAPPINGS, readNotification } from "../../../lib/koji/index.ts";
import {
  fedoraNotifications,
  protonNotification,
  protonNotifications,
} from "../../support/koji-notifications.ts";

const ETCD = { nvr: "etcd-operator-container-0.9.4-1", name: "etcd-operator-container", buildId: 1 };
const complete = protonNotification("build.complete__etcd-operator-container");
const tagged = protonNotification("build.tag__etcd-operator-container");
const stateChange = (parts: object) => ({ attribute: "state", old: 0, new: 1, ...parts });

describe("a notification of protonmsg", () => {
  it.each([
    ["build.complete__etcd-operator-container", { ...ETCD, state: "COMPLETE" }],
    ["build.building__etcd-operator-container", { ...ETCD, state: "BUILDING" }],
    ["build.tag__etcd-operator-container", { ...ETCD, state: "COMPLETE", tags: ["operators-candidate"] }],
    ["build.failed__failed-operator-container", { state: "FAILED" }],
    ["build.canceled__canceled-operator-container", { state: "CANCELED" }],
    ["build.deleted__deleted-operator-container", { state: "DELETED" }],
    [
      "build.complete__unreserved-operator-container",
      { nvr: "unreserved-operator-container-1.0-1", state: "COMPLETE" },
    ],
  ])("names the build, and what happened to it: %s", (name, hint) => {
    expect(readNotification(protonNotification(name))).toMatchObject({ hint });
    if (!("tags" in hint)) expect(readNotification(protonNotification(name))).not.toHaveProperty("hint.tags");
  });

  it.each([
    "import.archive__etcd-operator-container",
    "import.cg__etcd-operator-container",
    "package.add__etcd-operator-container",
    "build.untag__moved-operator-container",
  ])("about something else is no hint: %s", (name) => {
    expect(readNotification(protonNotification(name))).toEqual({ reason: "other-event" });
    expect(readNotification(protonNotification(name).body)).toEqual({ reason: "other-event" });
  });

  it("of an old hub has no NVR: it is made of name, version and release", () => {
    const { body } = complete;
    const info = {
      name: "etcd-operator-container",
      version: "0.9.4",
      release: "1",
      id: 1,
      state: 0,
      extra: "{}",
    };

    expect(readNotification({ ...body, info })).toEqual({ hint: { ...ETCD, state: "COMPLETE" } });
  });

  it("can be read in all samples: nothing of them is malformed", () => {
    for (const each of Object.values(protonNotifications()))
      expect(readNotification(each)).not.toEqual({ reason: "malformed" });
  });
});

describe("a notification of fedora-messaging", () => {
  const [building, done, tag, unreserved] = fedoraNotifications();

  it("names the build by name, version and release", () => {
    const nvr = "tasked-operator-container-1.0-3";
    const build = { nvr, name: "tasked-operator-container", buildId: 30 };

    expect(readNotification(building)).toEqual({ hint: { ...build, state: "BUILDING" } });
    expect(readNotification(done)).toEqual({ hint: { ...build, state: "COMPLETE" } });
    expect(readNotification(tag)).toEqual({
      hint: { ...build, state: "UNKNOWN", tags: ["operators-candidate"] },
    });
    expect(readNotification(unreserved)).toMatchObject({ hint: { buildId: 31, state: "COMPLETE" } });
  });

  it("of an untagging is known by its topic only, and is no hint", () => {
    const untag = { ...tag, topic: "org.fedoraproject.prod.buildsys.untag" };

    expect(readNotification(untag)).toEqual({ reason: "other-event" });
  });
});

describe("a wrapping", () => {
  const hint = { hint: { ...ETCD, state: "COMPLETE" } };
  const text = JSON.stringify(complete.body);

  it.each<[string, unknown]>([
    ["none", complete.body],
    ["none, as a string", text],
    ["fedmsg's", { i: 1, msg_id: "1", topic: "a.buildsys.build.state.change", msg: complete.body }],
    ["a bridge's", complete],
    ["a bridge's, with a body that is a string", { ...complete, body: text }],
    ["EventBridge's", { source: "koji", "detail-type": "BuildStateChange", detail: complete }],
    ["EventBridge's, as a string", JSON.stringify({ source: "koji", detail: { ...complete, body: text } })],
    ["SNS's", { Type: "Notification", TopicArn: "arn:aws:sns:a:1:b", Message: text }],
    ["JSON in JSON", JSON.stringify(JSON.stringify(text))],
  ])("is taken off: %s", (_, value) => {
    expect(readNotification(value)).toEqual(hint);
  });

  it("may be around another one so often, and no more", () => {
    const wrapped = (times: number) =>
      Array.from({ length: times }).reduce<object>((inner) => ({ msg: inner }), complete.body);

    expect(readNotification(wrapped(MAX_WRAPPINGS))).toEqual(hint);
    expect(readNotification(wrapped(MAX_WRAPPINGS + 1))).toEqual({ reason: "malformed" });
  });

  it("may be so long, and no longer", () => {
    const padded = (bytes: number) => text.padEnd(bytes);

    expect(readNotification(padded(MAX_NOTIFICATION_BYTES))).toEqual(hint);
    expect(readNotification(padded(MAX_NOTIFICATION_BYTES + 1))).toEqual({ reason: "too-large" });
  });

  it("does not hide that a build was untagged", () => {
    const untagged = { ...tagged, topic: "koji.build.untag" };

    expect(readNotification({ detail: JSON.stringify(untagged) })).toEqual({ reason: "other-event" });
  });
});

describe("what is no notification", () => {
  const info = { name: "a", version: "1", release: "1" };

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a number", 1],
    ["a list", [complete.body]],
    ["an empty text", ""],
    ["a text", "build complete"],
    ["JSON that is cut", JSON.stringify(complete.body).slice(0, -1)],
    ["deep lists", "[".repeat(100_000)],
    ["a state that there is none of", stateChange({ new: 5, info })],
    ["a state that is a text", stateChange({ new: "COMPLETE", info })],
    ["a name with a path", stateChange({ info: { ...info, name: "../../etc" } })],
    ["a name with a line break", stateChange({ info: { ...info, release: "1\nx" } })],
    ["a name that is too long", stateChange({ info: { ...info, name: "a".repeat(256) } })],
    ["an NVR that is none", stateChange({ info: { nvr: "nonsense" } })],
  ])("is malformed: %s", (_, value) => {
    expect(readNotification(value)).toEqual({ reason: "malformed" });
  });

  it.each<[string, unknown]>([
    ["an object", {}],
    ["a change of another attribute", stateChange({ attribute: "volume_id", info })],
    ["a build that is a number", stateChange({ info: 1 })],
    [
      "members that are inherited",
      JSON.parse('{"__proto__": {"attribute": "state", "new": 1, "info": {"nvr": "a-1-1"}}}'),
    ],
  ])("is about something else: %s", (_, value) => {
    expect(readNotification(value)).toEqual({ reason: "other-event" });
  });

  it.each([0, -1, 1.5, "1", 2 ** 60, null])("has no ID of a build that is %j", (id) => {
    expect(readNotification(stateChange({ info: { ...info, build_id: id } }))).toEqual({
      hint: { nvr: "a-1-1", name: "a", state: "COMPLETE" },
    });
  });
});
