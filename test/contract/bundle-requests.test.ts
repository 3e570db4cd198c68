import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operatorBuild } from "../fakes/koji.ts";
import { BUNDLE, changed, example, PACKAGE } from "../support/bundles.ts";
import { ACME, form, type Omps, startOmps } from "../support/omps.ts";
import { idOf, operationsOn } from "../support/operations.ts";
import { batch, notDone, queueMessage } from "../support/queue-event.ts";
import { zipOf } from "../support/zip.ts";

const NVR = "tidewater-operator-bundle-container-0.2.0-1";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: { organizations: { acme: { target: "bundle" } } },
    secrets: { "omps/acme": JSON.stringify({ push_token: ACME.token }) },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const { asked, tell, work } = operationsOn(() => omps);
const host = () => new URL(omps.quay.url).host;
const tags = () => Object.keys(omps.quay.images()["acme/tidewater-operator"]?.tags ?? {}).sort();
const manifestPushes = () => omps.ops().filter((op) => op === "manifest-push").length;

describe("pushes that are done later, to an organization with the target bundle", () => {
  it("of a caller who does not wait, end with the images", async () => {
    const id = idOf(await asked("/v2/acme/zipfile", BUNDLE));
    expect(tags()).toEqual([]);
    expect(await work()).toEqual([]);

    expect(await tell(id)).toMatchObject({
      body: { status: "succeeded", result: { version: "0.2.0", images: [{ version: "0.2.0" }] } },
    });
    expect(tags()).toEqual(["v0.2.0"]);
  });

  it("of a caller who does not wait, tell a version that the manifests do not have", async () => {
    const id = idOf(await asked("/v2/acme/zipfile/1.0.0-rc.1", BUNDLE));
    await work();

    expect(await tell(id)).toMatchObject({
      body: { status: "failed", error: { status: 400, error: "OMPSInvalidVersionFormat" } },
    });
    expect(tags()).toEqual([]);
  });

  it("of a notification, publish once and tell the images", async () => {
    omps.koji.reset({ builds: [operatorBuild(NVR, BUNDLE)] });
    const job = { build_id: 1, nvr: NVR, organization: "acme", rule: "0123456789ab" };
    const event = () => batch(queueMessage(job, { group: "acme/tidewater-operator-bundle-container" }));

    expect(notDone(await omps.deliver("push-worker", event()))).toEqual([]);
    expect(notDone(await omps.deliver("push-worker", event()))).toEqual([]);

    expect(tags()).toEqual(["v0.2.0"]);
    expect(manifestPushes()).toBe(1);
    expect(JSON.stringify(omps.messaging.events[0])).toContain(`${host()}/acme/tidewater-operator:v0.2.0`);
  });
});

it("a push of bundles with an Idempotency-Key gets its first answer again, and asks nobody", async () => {
  const { headers, body } = form(PACKAGE);
  const push = { headers: { ...headers, "idempotency-key": "once" }, body };
  const first = await omps.call("POST", "/v2/acme/zipfile", push);
  const before = omps.ops().length;

  const again = await omps.call("POST", "/v2/acme/zipfile", push);

  expect(first.status).toBe(200);
  expect(again.body).toEqual(first.body);
  expect(omps.ops()).toHaveLength(before);
});

describe("other requests for an organization with the target bundle", () => {
  beforeEach(async () => {
    await omps.upload("/v2/acme/zipfile", PACKAGE);
  });

  it("list the releases with their images", async () => {
    const answer = await omps.call("GET", "/v2/acme/tidewater-operator/releases");

    expect(answer).toMatchObject({
      status: 200,
      body: {
        total: 2,
        releases: ["0.2.0", "0.1.0"].map((version) => ({
          version,
          digest: expect.stringMatching(/^sha256:/),
          created: null,
          image: `${host()}/acme/tidewater-operator:v${version}`,
        })),
      },
    });
  });

  it("delete one release, or all: their tags", async () => {
    const one = await omps.call("DELETE", "/v2/acme/tidewater-operator/0.1.0");
    expect(one).toMatchObject({ status: 200, body: { deleted: ["0.1.0"] } });
    expect(tags()).toEqual(["v0.2.0"]);

    const all = await omps.call("DELETE", "/v1/acme/tidewater-operator");
    expect(all).toMatchObject({ status: 200, body: { deleted: ["0.2.0"] } });
    expect(tags()).toEqual([]);
    expect(await omps.call("DELETE", "/v1/acme/tidewater-operator")).toMatchObject({ status: 404 });
  });

  it("validate without pushing: the very images that a push has", async () => {
    const pushed = await omps.upload("/v2/acme/zipfile", PACKAGE);
    const before = omps.ops().length;

    const { status, body } = await omps.upload("/v2/acme/validate", PACKAGE, { authorization: undefined });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      valid: true,
      target: "bundle",
      package: "tidewater-operator",
      layout: "nested",
      would_push: { repository: "tidewater-operator", version: "0.2.0", images: pushed.body["images"] },
    });
    expect(omps.ops()).toHaveLength(before);
  });

  it("validate with a token, and tell what is there of the images", async () => {
    const other = changed(example("nested"), "v0.1.0.cluster", /displayName: .*/, "displayName: Another");
    const states = async (zip: Buffer) => {
      const { body } = await omps.upload("/v2/acme/validate", zip);
      return JSON.stringify(body).match(/(?<="state":")\w+/g);
    };

    expect(await states(PACKAGE)).toEqual(["published", "published"]);
    expect(await states(zipOf(other))).toEqual(["conflict", "published"]);
    await omps.call("DELETE", "/v2/acme/tidewater-operator/0.2.0");
    expect(await states(PACKAGE)).toEqual(["published", "new"]);
    expect(manifestPushes()).toBe(2);
  });

  it("list a page whose last release is gone by now, and lead on to the next", async () => {
    omps.quay.faults = [
      { op: "manifest", times: 1, do: { status: 404, json: { errors: [{ code: "MANIFEST_UNKNOWN" }] } } },
    ];

    const { body } = await omps.call("GET", "/v2/acme/tidewater-operator/releases?limit=1");

    expect(body).toMatchObject({
      releases: [],
      total: 2,
      next: "/v2/acme/tidewater-operator/releases?limit=1&after=0.2.0",
    });
  });

  it("validate a bundle, and tell what its annotations say", async () => {
    const { body } = await omps.upload("/v2/acme/validate", BUNDLE);

    expect(body).toMatchObject({
      valid: true,
      layout: "bundle",
      versions: ["0.2.0"],
      channels: [{ name: "alpha", current_csv: null }],
      would_push: { version: "0.2.0" },
    });
  });

  it("validate a bundle, and tell all that is wrong with it", async () => {
    const files = changed(example("bundle"), "clusterserviceversion", /version: 0\.2\.0\n/, "version: 1\n");

    const { status, body } = await omps.upload("/v2/acme/validate", zipOf(files));

    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: false, layout: "bundle", target: "bundle", would_push: null });
    expect(JSON.stringify(body["validation_info"])).toContain("spec.version");
  });
});
