import { readdirSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operatorBuild } from "../fakes/koji.ts";
import { ACME, ACME_QUAY, type Answer, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

const NVR = "etcd-operator-container-0.9.4-1";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    greenwave: true,
    config: { koji_stage_threshold: 1, organizations: { open: { public: true } } },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => {
  omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] });
  omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] });
});
afterAll(() => omps.close());

/** For each function a request that makes it load all that it has, and the status of its answer. */
const REQUESTS: Readonly<Record<string, readonly [() => Promise<Answer>, number]>> = {
  about: [() => omps.call("GET", "/v1/about"), 200],
  "delete-releases": [() => omps.call("DELETE", "/v1/open/etcd/1.0.0"), 200],
  health: [() => omps.call("GET", "/v1/health/ping"), 200],
  "not-found": [() => omps.call("PUT", "/v1/about"), 405],
  "push-koji": [() => omps.call("POST", `/v1/open/etcd/koji/${NVR}`), 200],
  "push-zipfile": [() => omps.upload("/v1/open/etcd/zipfile", packageZip()), 200],
};

const names = readdirSync("functions").map((file) => file.replace(/\.ts$/, ""));

it("every function has a request here, and no other", () => {
  expect(Object.keys(REQUESTS)).toEqual(names.toSorted());
});

describe.each(names)("%s", (name) => {
  const [request, status] = REQUESTS[name] ?? [() => expect.fail("no request for it"), 0];

  it("starts under the real runtime, and answers one request after the other", async () => {
    expect((await request()).status).toBe(status);
    omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] });
    omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] });
    expect((await request()).status).toBe(status);
  });

  it("prints nothing but JSON, one object a line, as CloudWatch reads it", async () => {
    await request();

    const lines = omps.lines.map((line): unknown => JSON.parse(line));
    expect(lines).not.toEqual([]);
    for (const line of lines) {
      expect(line).toMatchObject({ level: expect.any(String), message: expect.any(String) });
      // Only the runtime sets it: the function did not run in this process.
      expect(line).toMatchObject({ xray_trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/) });
    }
  });

  it("prints no secret", async () => {
    await request();

    const token = ACME.token.replace("basic ", "");
    for (const secret of [token, encodeURIComponent(token), "canary-robot-token", ACME.oauthToken]) {
      expect(omps.lines.join("\n")).not.toContain(secret);
    }
  });
});
