import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operatorBuild } from "../fakes/koji.ts";
import { ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";
import { packageFiles, packageZip } from "../support/package.ts";
import { zipOf } from "../support/zip.ts";

const NVR = "etcd-operator-container-0.9.4-1";
/** How Quay is asked for the releases of a repository that it does not have. */
const LOOKS = ["list", "list", "releases"];
const ANONYMOUS = { authorization: undefined };

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    greenwave: true,
    config: {
      organizations: {
        rewriting: {
          package_name_suffix: "-staged",
          replace_registry: [{ old: "quay.io", new: "registry.example" }],
          csv_annotations: [{ name: "com.example.package", value: "{package_name}" }],
        },
        open: { public: true },
      },
    },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

describe("POST /v2/{organization}/validate", () => {
  it("tells a valid package, what would be pushed, and asks and changes nothing", async () => {
    const answer = await omps.upload("/v2/acme/validate", packageZip({ layout: "nested" }), ANONYMOUS);

    expect(answer).toEqual({
      status: 200,
      headers: expect.anything(),
      body: {
        valid: true,
        package: "etcd",
        layout: "nested",
        versions: ["0.1.0"],
        channels: [{ name: "alpha", current_csv: "etcd.v0.1.0" }],
        default_channel: null,
        csvs: [expect.objectContaining({ name: "etcd.v0.1.0", version: null, icon: null, crds: [] })],
        extracted_files: ["0.1.0/etcd.csv.yaml", "package.yaml"],
        target: "appregistry",
        validation_info: { errors: [], warnings: expect.arrayContaining(["csv spec.icon not defined"]) },
        would_push: {
          repository: "etcd",
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          size: expect.any(Number),
          files: ["0.1.0/etcd.csv.yaml", "package.yaml"],
        },
        rewrites: [],
      },
    });
    expect(omps.ops()).toEqual([]);
    expect([...omps.s3.objects.keys()]).toEqual([]);
  });

  it("tells the very digest that a push then has", async () => {
    const zip = packageZip();
    const { body } = await omps.upload("/v2/acme/validate", zip, ANONYMOUS);
    await omps.upload("/v2/acme/zipfile", zip);

    const [row] = omps.quay.rows("acme/etcd");
    expect(body["would_push"]).toMatchObject({ digest: row?.digest, files: ["bundle.yaml"] });
  });

  it("tells whoever has a token which version would be chosen", async () => {
    omps.reset({ ...ACME_QUAY, repositories: [{ name: "acme/etcd", releases: ["2.3.4"] }] });

    const { body } = await omps.upload("/v2/acme/validate", packageZip());

    expect(body["would_push"]).toMatchObject({ version: "3.0.0" });
    expect(omps.ops()).toEqual(["list"]);
  });

  it("tells all errors and warnings of an invalid package, and what it could read of it", async () => {
    const broken = packageZip({ files: { "package.yaml": "packageName: etcd\nchannels: []\n" } });

    const { status, body } = await omps.upload("/v2/acme/validate", broken);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      valid: false,
      message: expect.stringContaining("Resulting bundle is invalid"),
      package: "etcd",
      layout: "flat",
      versions: ["0.1.0"],
      channels: [],
      validation_info: { errors: ["no package channels defined."] },
      would_push: null,
    });
    expect(omps.ops()).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ["without a package file", { "etcd.yaml": "a: 1\n" }, "Could not find packageName in manifests."],
    ["with a file that is no YAML", { "a.yaml": "a: [", "package.yaml": "packageName: etcd\n" }, "a.yaml"],
    [
      "whose name cannot be a repository",
      { "p.yaml": "packageName: A/B\nchannels: []\n" },
      "Rename the package",
    ],
  ])("says why a package %s is not valid", async (_, files, message) => {
    const { status, body } = await omps.upload("/v2/acme/validate", zipOf(files), ANONYMOUS);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      valid: false,
      message: expect.stringContaining(message),
      layout: null,
      validation_info: {},
      would_push: null,
    });
  });

  it("tells which files the organization's settings change", async () => {
    const files = packageFiles({ layout: "nested", files: { "0.1.0/other.yaml": "image: quay.io/a\n" } });

    const { body } = await omps.upload("/v2/rewriting/validate", zipOf(files), ANONYMOUS);

    expect(body).toMatchObject({
      package: "etcd-staged",
      would_push: { repository: "etcd-staged" },
      rewrites: [
        { setting: "package_name_suffix", files: ["package.yaml"] },
        { setting: "replace_registry", files: ["0.1.0/other.yaml"] },
        { setting: "csv_annotations", files: ["0.1.0/etcd.csv.yaml"] },
      ],
    });
  });

  it("reads no secret and makes nothing public", async () => {
    await omps.upload("/v2/open/validate", packageZip());

    expect(omps.ops()).toEqual(LOOKS);
    expect(omps.secrets.reads).toEqual([]);
  });

  it("refuses what is no zip as a push does", async () => {
    const answer = await omps.upload("/v2/acme/validate", Buffer.from("no zip"), ANONYMOUS);

    expect(answer).toMatchObject({ status: 400, body: { error: "OMPSUploadedFileError" } });
  });

  it("refuses a name that no organization can have", async () => {
    const answer = await omps.upload("/v2/a%20b/validate", packageZip(), ANONYMOUS);

    expect(answer).toMatchObject({ status: 400, body: { error: "OMPSInvalidName" } });
  });

  it("answers with the contract's error when Quay cannot tell the versions", async () => {
    omps.quay.faults = [{ op: "*", do: { status: 500, json: {} } }];

    const answer = await omps.upload("/v2/acme/validate", packageZip());

    expect(answer).toMatchObject({ status: 500, body: { error: "QuayPackageError" } });
  });
});

describe("where the configuration wants a token for each validation", () => {
  it("refuses a caller without one", async () => {
    const strict = await startOmps({ config: { anonymous_validation: false } });
    try {
      const refused = await strict.upload("/v2/acme/validate", packageZip(), ANONYMOUS);
      expect(refused).toMatchObject({ status: 403, body: { error: "OMPSAuthorizationHeaderRequired" } });
      expect((await strict.upload("/v2/acme/validate", packageZip())).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe("POST /v2/{organization}/validate/koji/{nvr}", () => {
  beforeEach(() => omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] }));

  it("tells what a push of the build would do, and pushes nothing", async () => {
    const { status, body } = await omps.call("POST", `/v2/acme/validate/koji/${NVR}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      valid: true,
      nvr: NVR,
      would_push: { repository: "etcd", version: "1.0.0" },
    });
    expect(omps.ops()).toEqual(LOOKS);
  });

  it("asks Greenwave, whose no is the answer", async () => {
    omps.greenwave.refuse(NVR);

    const answer = await omps.call("POST", `/v2/acme/validate/koji/${NVR}`);

    expect(answer).toMatchObject({ status: 400, body: { error: "GreenwaveUnsatisfiedError" } });
  });

  it("needs an Authorization header, and asks nobody without", async () => {
    const answer = await omps.call("POST", `/v2/acme/validate/koji/${NVR}`, ANONYMOUS);

    expect(answer).toMatchObject({ status: 403, body: { error: "OMPSAuthorizationHeaderRequired" } });
    expect(omps.koji.requests).toEqual([]);
  });

  it("answers as a push does for a build that is not there", async () => {
    const answer = await omps.call("POST", "/v2/acme/validate/koji/nothing-1-1");

    expect(answer).toMatchObject({ status: 404, body: { error: "KojiNVRBuildNotFound" } });
  });
});
