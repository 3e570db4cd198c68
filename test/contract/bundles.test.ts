import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operatorBuild } from "../fakes/koji.ts";
import { BUNDLE, changed, example, type Files, PACKAGE } from "../support/bundles.ts";
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

const WRITES = ["upload-begin", "upload-end", "manifest-push", "visibility", "manifest-delete"];
const writes = () => omps.ops().filter((op) => WRITES.includes(op));
const host = () => new URL(omps.quay.url).host;
const tags = (name = "acme/tidewater-operator") => Object.keys(omps.quay.images()[name]?.tags ?? {}).sort();

describe("a push to an organization with the target bundle", () => {
  it("publishes the versions that the package's channels name, each as an image", async () => {
    const answer = await omps.upload("/v2/acme/zipfile", PACKAGE);

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
    const answer = await omps.upload("/v1/acme/other/zipfile/0.2.0", BUNDLE);

    expect(answer).toMatchObject({ status: 200, body: { repo: "other", version: "0.2.0" } });
    expect(tags("acme/other")).toEqual(["v0.2.0"]);
  });

  it("publishes the bundle of a Koji build", async () => {
    omps.koji.reset({ builds: [operatorBuild(NVR, BUNDLE)] });

    const answer = await omps.call("POST", `/v2/acme/koji/${NVR}`);

    expect(answer).toMatchObject({
      status: 200,
      body: { nvr: NVR, version: "0.2.0", images: [{ version: "0.2.0" }] },
    });
  });

  it("has the organization's settings: repository, labels, suffix, annotations, media types; and is made public", async () => {
    const answer = await omps.upload("/v2/open/zipfile", PACKAGE);

    expect(answer).toMatchObject({ status: 200, body: { repo: "tidewater-operator-staged" } });
    const { visibility } =
      omps.quay.images()["open/tidewater-operator-staged-bundle"] ?? expect.fail("nothing there");
    expect(visibility).toBe("public");
    expect(JSON.stringify(answer.body["images"])).toContain("/open/tidewater-operator-staged-bundle:v0.2.0");
  });

  it("answers the same push again with the same, in three requests, and writes nothing", async () => {
    const first = await omps.upload("/v2/acme/zipfile", BUNDLE);
    const before = omps.quay.requests.length;

    const again = await omps.upload("/v2/acme/zipfile", BUNDLE);

    expect(again.body).toEqual(first.body);
    expect(omps.ops().slice(before)).toEqual(["ping", "token", "manifest"]);
  });

  it("refuses a version that is there with another content, and changes nothing", async () => {
    await omps.upload("/v2/acme/zipfile", PACKAGE);
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
    await omps.upload("/v2/acme/zipfile", BUNDLE);
    const before = writes().length;

    const answer = await omps.upload("/v2/acme/zipfile", PACKAGE);

    expect(answer).toMatchObject({ status: 500, body: { error: "QuayCourierError" } });
    expect(writes()).toHaveLength(before);
    expect(tags()).toEqual(["v0.2.0"]);
  });

  it("finishes what was published but not made public, without another upload", async () => {
    omps.quay.faults = [{ op: "visibility", times: 1, do: { status: 500, json: {} } }];
    expect((await omps.upload("/v2/open/zipfile", PACKAGE)).status).toBe(500);
    const uploads = writes().filter((op) => op === "upload-begin").length;

    const again = await omps.upload("/v2/open/zipfile", PACKAGE);

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
      const answer = await omps.upload("/v2/acme/zipfile", PACKAGE, { authorization });
      expect(answer).toMatchObject({ status: 403, body: { error: "QuayAuthorizationError" } });
    }
    expect(writes()).toEqual([]);
  });

  it("leaves no tag where an upload fails, and works when it is tried again", async () => {
    omps.quay.faults = [{ op: "upload-end", do: { status: 502, json: {} } }];
    const failed = await omps.upload("/v2/acme/zipfile", BUNDLE);

    expect(failed).toMatchObject({ status: 500, body: { error: "QuayCourierError" } });
    expect(tags()).toEqual([]);
    omps.quay.faults = [];
    expect((await omps.upload("/v2/acme/zipfile", BUNDLE)).status).toBe(200);
  });

  it("tells which versions of a push were published, where another one failed, and goes on with it", async () => {
    omps.quay.faults = [
      { op: "manifest-push", skip: 1, do: { status: 403, json: { errors: [{ code: "DENIED" }] } } },
    ];
    const failed = await omps.upload("/v2/acme/zipfile", PACKAGE);

    expect(failed).toMatchObject({ status: 403, body: { error: "QuayAuthorizationError" } });
    const [published = ""] = tags();
    expect(tags()).toHaveLength(1);
    expect(failed.body["message"]).toContain(`Published of this push: ${published.slice(1)};`);
    omps.quay.faults = [];
    expect((await omps.upload("/v2/acme/zipfile", PACKAGE)).status).toBe(200);
    expect(tags()).toEqual(["v0.1.0", "v0.2.0"]);
  });

  it("does not log the caller's token, nor the registry's", async () => {
    await omps.upload("/v2/open/zipfile", PACKAGE);

    const lines = omps.lines.join("\n");
    expect(lines).toContain('"target":"bundle"');
    for (const secret of ["canary", ACME.token.slice(6), "Bearer "]) expect(lines).not.toContain(secret);
  });
});
