import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleFiles } from "../../infra/local/example.ts";
import { operatorBuild } from "../fakes/koji.ts";
import { ACME, type Omps, startOmps } from "../support/omps.ts";
import { zipOf } from "../support/zip.ts";

const NVR = "tidewater-operator-bundle-container-0.2.0-1";
const OAUTH = JSON.stringify({ oauth_token: ACME.oauthToken });

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: {
      organizations: {
        acme: { target: "bundle" },
        open: {
          target: "bundle",
          public: true,
          repository_template: "{repository}-bundle",
          versions: "all",
          labels: { "com.redhat.openshift.versions": "v4.20" },
          media_types: "docker",
          package_name_suffix: "-staged",
          csv_annotations: [{ name: "com.example.package", value: "{package_name}" }],
        },
      },
    },
    secrets: { "omps/open": OAUTH },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

type Files = Record<string, string | Uint8Array>;

const example = (layout: Parameters<typeof exampleFiles>[0]): Files =>
  Object.fromEntries(exampleFiles(layout));

/** The example with other texts in one of its files. */
function changed(files: Files, name: string, from: string | RegExp, to: string): Files {
  const path = Object.keys(files).find((each) => each.includes(name)) ?? expect.fail(`no file ${name}`);
  return {
    ...files,
    [path]: Buffer.from(files[path] ?? "")
      .toString()
      .replace(from, to),
  };
}

const nested = zipOf(example("nested"));
const WRITES = ["upload-begin", "upload-end", "manifest-push", "visibility", "manifest-delete"];
const writes = () => omps.ops().filter((op) => WRITES.includes(op));
const host = () => new URL(omps.quay.url).host;
const tags = (name = "acme/tidewater-operator") => Object.keys(omps.quay.images()[name]?.tags ?? {}).sort();

describe("a push to an organization with the target bundle", () => {
  it("publishes the versions that the package's channels name, each as an image", async () => {
    const answer = await omps.upload("/v2/acme/zipfile", nested);

    expect(answer).toMatchObject({
      status: 200,
      body: {
        organization: "acme",
        repo: "tidewater-operator",
        version: "0.2.0",
        images: ["0.1.0", "0.2.0"].map((version) => ({
          image: `${host()}/acme/tidewater-operator:v${version}`,
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          version,
          channels: version === "0.2.0" ? ["alpha"] : ["alpha", "stable"],
        })),
      },
    });
    expect(answer.body["extracted_files"]).toContain("tidewater-operator.package.yaml");
    expect(tags()).toEqual(["v0.1.0", "v0.2.0"]);
    expect(omps.quay.packages()).toEqual({});
    expect(omps.ops()).not.toContain("push");
  });

  it("takes a bundle as it is, also in v1 to a repository of another name", async () => {
    const answer = await omps.upload("/v1/acme/other/zipfile/0.2.0", zipOf(example("bundle")));

    expect(answer).toMatchObject({ status: 200, body: { repo: "other", version: "0.2.0" } });
    expect(tags("acme/other")).toEqual(["v0.2.0"]);
  });

  it("publishes the bundle of a Koji build", async () => {
    omps.koji.reset({ builds: [operatorBuild(NVR, zipOf(example("bundle")))] });

    const answer = await omps.call("POST", `/v2/acme/koji/${NVR}`);

    expect(answer).toMatchObject({
      status: 200,
      body: { nvr: NVR, version: "0.2.0", images: [{ version: "0.2.0" }] },
    });
  });

  it("has the organization's settings: repository, labels, suffix, annotations, media types; and is made public", async () => {
    const answer = await omps.upload("/v2/open/zipfile", nested);

    expect(answer).toMatchObject({ status: 200, body: { repo: "tidewater-operator-staged" } });
    const { visibility } =
      omps.quay.images()["open/tidewater-operator-staged-bundle"] ?? expect.fail("nothing there");
    expect(visibility).toBe("public");
    expect(JSON.stringify(answer.body["images"])).toContain("/open/tidewater-operator-staged-bundle:v0.2.0");
  });

  it("answers the same push again with the same, in three requests, and writes nothing", async () => {
    const zip = zipOf(example("bundle"));
    const first = await omps.upload("/v2/acme/zipfile", zip);
    const before = omps.quay.requests.length;

    const again = await omps.upload("/v2/acme/zipfile", zip);

    expect(again.body).toEqual(first.body);
    expect(omps.ops().slice(before)).toEqual(["ping", "token", "manifest"]);
  });

  it("refuses a version that is there with another content, and changes nothing", async () => {
    await omps.upload("/v2/acme/zipfile", nested);
    const before = writes().length;
    const other = changed(example("nested"), "v0.1.0.cluster", /displayName: .*/, "displayName: Another");

    const answer = await omps.upload("/v2/acme/zipfile", zipOf(other));

    expect(answer).toMatchObject({
      status: 500,
      body: {
        error: "QuayCourierError",
        message: expect.stringContaining("tidewater-operator:v0.1.0 exists already"),
      },
    });
    expect(writes()).toHaveLength(before);
  });

  it("writes none of several where one is there with another content", async () => {
    await omps.upload("/v2/acme/zipfile", zipOf(example("bundle")));
    const before = writes().length;

    const answer = await omps.upload("/v2/acme/zipfile", nested);

    expect(answer).toMatchObject({ status: 500, body: { error: "QuayCourierError" } });
    expect(writes()).toHaveLength(before);
    expect(tags()).toEqual(["v0.2.0"]);
  });

  it("finishes what was published but not made public, without another upload", async () => {
    omps.quay.faults = [{ op: "visibility", times: 1, do: { status: 500, json: {} } }];
    expect((await omps.upload("/v2/open/zipfile", nested)).status).toBe(500);
    const uploads = writes().filter((op) => op === "upload-begin").length;

    const again = await omps.upload("/v2/open/zipfile", nested);

    expect(again.status).toBe(200);
    expect(writes().filter((op) => op === "upload-begin")).toHaveLength(uploads);
    expect(omps.quay.images()["open/tidewater-operator-staged-bundle"]?.visibility).toBe("public");
  });

  it.each([
    ["1.0.0", "/v2/acme/zipfile/1.0.0", "bundle"],
    ["of one of several", "/v2/acme/zipfile/0.2.0", "nested"],
    ["that is none", "/v2/acme/zipfile/x", "bundle"],
  ] as const)(
    "refuses a version %s that the manifests do not have, and asks nobody",
    async (_, path, layout) => {
      const answer = await omps.upload(path, zipOf(example(layout)));

      expect(answer).toMatchObject({ status: 400, body: { error: "OMPSInvalidVersionFormat" } });
      expect(omps.ops()).toEqual([]);
    },
  );

  it.each<[string, Files, string]>([
    [
      "with two ClusterServiceVersions",
      {
        ...example("bundle"),
        "manifests/b.yaml":
          "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nmetadata: {name: b.v1.0.0}\n",
      },
      "ClusterServiceVersion",
    ],
    [
      "without a CRD that it owns",
      Object.fromEntries(Object.entries(example("bundle")).filter(([path]) => !path.includes("sluice"))),
      "luice",
    ],
    [
      "with a build in its version",
      changed(example("bundle"), "clusterserviceversion", /version: 0\.2\.0\n/, "version: 0.2.0+1\n"),
      "0.2.0+1",
    ],
    ["without channels", { "manifests/a.yaml": "a: 1\n" }, ""],
  ])("refuses a bundle %s with its findings, and pushes nothing", async (_, files, text) => {
    const answer = await omps.upload("/v2/acme/zipfile", zipOf(files));

    expect(answer).toMatchObject({ status: 400, body: { error: "PackageValidationError" } });
    expect(JSON.stringify(answer.body)).toContain(text);
    expect(omps.ops()).toEqual([]);
  });

  it("refuses a caller whom the registry does not know, and one without the right", async () => {
    const unknown = `basic ${Buffer.from("acme+nobody:x").toString("base64")}`;
    for (const authorization of [unknown, ACME.stranger, "Bearer abc"]) {
      const answer = await omps.upload("/v2/acme/zipfile", nested, { authorization });
      expect(answer).toMatchObject({ status: 403, body: { error: "QuayAuthorizationError" } });
    }
    expect(writes()).toEqual([]);
  });

  it("leaves no tag where an upload fails, and works when it is tried again", async () => {
    omps.quay.faults = [{ op: "upload-end", times: 1, do: { status: 502, json: {} } }];
    const failed = await omps.upload("/v2/acme/zipfile", nested);

    expect(failed).toMatchObject({ status: 500, body: { error: "QuayCourierError" } });
    expect(tags()).toEqual([]);
    expect((await omps.upload("/v2/acme/zipfile", nested)).status).toBe(200);
  });

  it("does not log the caller's token, nor the registry's", async () => {
    await omps.upload("/v2/open/zipfile", nested);

    const lines = omps.lines.join("\n");
    expect(lines).toContain('"target":"bundle"');
    for (const secret of ["canary", ACME.token.slice(6), "Bearer "]) expect(lines).not.toContain(secret);
  });
});

describe("other requests for an organization with the target bundle", () => {
  beforeEach(async () => {
    await omps.upload("/v2/acme/zipfile", nested);
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
    const pushed = await omps.upload("/v2/acme/zipfile", nested);
    const before = omps.ops().length;

    const { status, body } = await omps.upload("/v2/acme/validate", nested, { authorization: undefined });

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

  it("validate a bundle, and tell what its annotations say", async () => {
    const { body } = await omps.upload("/v2/acme/validate", zipOf(example("bundle")));

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
