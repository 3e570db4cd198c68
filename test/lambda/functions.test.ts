import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { operatorBuild } from "../fakes/koji.ts";
import { ACME, ACME_QUAY, type Answer, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";
import { batch, notDone, queueMessage } from "../support/queue-event.ts";

type QueueFunction = Parameters<Omps["deliver"]>[0];

const NVR = "etcd-operator-container-0.9.4-1";

/** What is looked at of an answer. */
type Answered = Pick<Answer, "status">;

/** Hands one message to a function that queues call; the status is the number of messages that are not done. */
async function delivered(omps: Omps, name: QueueFunction, body: object): Promise<Answered> {
  const message = queueMessage(body, name === "push-worker" ? { group: "open/etcd" } : {});
  return { status: notDone(await omps.deliver(name, batch(message))).length };
}

/** For each function a request that makes it load all that it has, and the status of its answer. */
const REQUESTS: Readonly<Record<string, readonly [(omps: Omps) => Promise<Answered>, number]>> = {
  about: [(omps) => omps.call("GET", "/v1/about"), 200],
  "delete-releases": [(omps) => omps.call("DELETE", "/v1/open/etcd/1.0.0"), 200],
  docs: [(omps) => omps.call("GET", "/docs"), 200],
  health: [(omps) => omps.call("GET", "/v1/health/ping"), 200],
  "not-found": [(omps) => omps.call("PUT", "/v1/about"), 405],
  "on-build-notification": [
    (omps) => {
      const info = { nvr: NVR, name: "etcd-operator-container", version: "0.9.4", release: "1" };
      return delivered(omps, "on-build-notification", { attribute: "state", new: 1, info });
    },
    0,
  ],
  operations: [(omps) => omps.call("GET", `/v2/operations/${"0".repeat(32)}`), 404],
  page: [(omps) => omps.call("GET", "/"), 200],
  "push-koji": [(omps) => omps.call("POST", `/v1/open/etcd/koji/${NVR}`), 200],
  "push-worker": [
    (omps) => delivered(omps, "push-worker", { build_id: 1, nvr: NVR, organization: "open", rule: "rule" }),
    0,
  ],
  "push-zipfile": [(omps) => omps.upload("/v1/open/etcd/zipfile", packageZip()), 200],
  validate: [(omps) => omps.upload("/v2/open/validate", packageZip()), 200],
  "validate-koji": [(omps) => omps.call("POST", `/v2/open/validate/koji/${NVR}`), 200],
  releases: [(omps) => omps.call("GET", "/v2/open/etcd/releases"), 200],
  uploads: [(omps) => omps.call("POST", "/v2/open/uploads"), 201],
};

const names = readdirSync("functions").map((file) => file.replace(/\.ts$/, ""));

it("every function has a request here, and no other", () => {
  expect(Object.keys(REQUESTS).toSorted()).toEqual(names.toSorted());
});

describe.each(names)("%s, started under the real runtime", (name) => {
  const [request, status] = REQUESTS[name] ?? [() => expect.fail("no request for it"), 0];

  let omps: Omps;
  beforeEach(async () => {
    omps = await startOmps({
      greenwave: true,
      config: {
        koji_stage_threshold: 1,
        organizations: { open: { public: true } },
        notifications: { rules: [{ organization: "open" }] },
      },
      secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken, push_token: ACME.token }) },
    });
    restore();
  });
  afterEach(() => omps.close());

  /** Puts a release and a build where the requests look for them. */
  function restore(): void {
    omps.quay.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] });
    omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] });
  }

  it("answers one request after the other", async () => {
    const first = await request(omps);
    restore();
    const second = await request(omps);

    expect([first.status, second.status]).toEqual([status, status]);
  });

  it("prints nothing but JSON, one object a line, as CloudWatch reads it", async () => {
    await request(omps);

    const lines = omps.lines.map((line): unknown => JSON.parse(line));
    for (const line of lines) expect(line).toEqual(expect.any(Object));
    // Only the runtime sets it: the function did not run in this process.
    const trace = expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(lines).toContainEqual(expect.objectContaining({ xray_trace_id: trace }));
  });

  it("prints no secret", async () => {
    await request(omps);

    const token = ACME.token.replace("basic ", "");
    for (const secret of [token, encodeURIComponent(token), "canary-robot-token", ACME.oauthToken]) {
      expect(omps.lines.join("\n")).not.toContain(secret);
    }
  });
});
