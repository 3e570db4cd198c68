import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_DEADLINE_MS } from "../../lib/api/deadline.ts";
import type { QuayOp } from "../fakes/quay.ts";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: { organizations: { open: { public: true } } },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => omps.reset({ ...ACME_QUAY, repositories: [{ name: "open/etcd", releases: ["1.0.0"] }] }));
afterAll(() => omps.close());

/** A request that API Gateway took so long ago that this many milliseconds are left for it. */
const withLeft = (milliseconds: number) => ({ now: Date.now() - GATEWAY_DEADLINE_MS + milliseconds });

async function untilClosed(): Promise<void> {
  while (omps.quay.openSockets() > 0) await wait(1);
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

it("pushes nothing when the deadline is over before it begins", async () => {
  expect((await omps.upload("/v1/open/etcd/zipfile/2.0.0", packageZip(), withLeft(-1000))).status).toBe(500);
  expect(omps.ops()).not.toContain("push");
});

it("leaves no timer behind after an answer", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();

  await omps.upload("/v1/open/etcd/zipfile", packageZip());

  expect(timers()).toBeLessThanOrEqual(before);
  await untilClosed();
});
