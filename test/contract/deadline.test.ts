import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_DEADLINE_MS } from "../../lib/api/deadline.ts";
import { type KojiFaultAction, type KojiOp, operatorBuild } from "../fakes/koji.ts";
import type { QuayOp } from "../fakes/quay.ts";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    greenwave: true,
    config: { koji_stage_threshold: 1, organizations: { open: { public: true } } },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] }));
afterAll(() => omps.close());

/** A request that API Gateway took so long ago that this many milliseconds are left for it. */
const withLeft = (milliseconds: number) => ({ now: Date.now() - GATEWAY_DEADLINE_MS + milliseconds });

async function untilClosed(): Promise<void> {
  const sockets = () => [omps.quay, omps.koji, omps.greenwave].map((fake) => fake.openSockets());
  while (sockets().some((open) => open > 0)) await wait(1);
}

describe("when Quay hangs, the caller has an answer at the deadline, and no connection is left", () => {
  it.each<[QuayOp, string]>([
    ["list", "QuayPackageError"],
    ["push", "QuayCourierError"],
    ["visibility", "QuayPackageError"],
  ])("at the %s of a push", async (op, error) => {
    omps.quay.faults = [{ op, do: { hang: true } }];

    expect(await omps.upload("/v1/open/etcd/zipfile", packageZip(), withLeft(300))).toMatchObject({
      status: 500,
      body: { error },
    });
    await untilClosed();
  });

  it.each<[QuayOp, string]>([
    ["list", "/v1/open/etcd"],
    ["delete", "/v1/open/etcd"],
    ["delete", "/v1/open/etcd/1.0.0"],
  ])("at the %s of DELETE %s", async (op, path) => {
    omps.quay.faults = [{ op, do: { hang: true } }];

    expect(await omps.call("DELETE", path, withLeft(300))).toMatchObject({
      status: 500,
      body: { error: "QuayPackageError" },
    });
    await untilClosed();
  });
});

describe("when Koji or Greenwave hangs, too", () => {
  const NVR = "etcd-operator-container-0.9.4-1";
  const push = () => omps.call("POST", `/v1/open/etcd/koji/${NVR}`, withLeft(300));
  beforeEach(() => omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] }));

  it.each<[KojiOp, KojiFaultAction]>([
    ["getBuild", { hang: true }],
    ["listArchives", { hang: true }],
    ["file", { hang: true }],
    ["file", { drip: 100 }],
  ])("at %s of a build's push: %j", async (op, action) => {
    omps.koji.faults = [{ op, do: action }];

    expect(await push()).toMatchObject({ status: 500, body: { error: "KojiError" } });
    expect(omps.quay.requests).toEqual([]);
    expect(omps.s3.objects.size).toBe(0);
    await untilClosed();
  });

  it("at the decision", async () => {
    omps.greenwave.faults = [{ op: "decision", do: { hang: true } }];

    expect(await push()).toMatchObject({ status: 500, body: { error: "GreenwaveError" } });
    await untilClosed();
  });
});

it("pushes nothing when the deadline is over before it begins", async () => {
  expect((await omps.upload("/v1/open/etcd/zipfile/2.0.0", packageZip(), withLeft(-1000))).status).toBe(503);
  expect(omps.ops()).not.toContain("push");
});

it("leaves no timer behind after an answer", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();

  await omps.upload("/v1/open/etcd/zipfile", packageZip());

  expect(timers()).toBeLessThanOrEqual(before);
  await untilClosed();
});
