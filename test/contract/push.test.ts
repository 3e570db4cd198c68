import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ACME, ACME_QUAY, form, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: {
      max_content_length: 4000,
      zipfile_max_uncompressed_size: 5000,
      organizations: { open: { public: true }, acme: {} },
    },
    secrets: { "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }) },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const V1 = "/v1/acme/etcd/zipfile";
const releases = (name = "acme/etcd") => omps.quay.packages()[name]?.releases;
const writes = () => omps.ops().filter((op) => ["push", "delete", "visibility"].includes(op));
const holding = (...versions: string[]) => ({
  ...ACME_QUAY,
  repositories: [{ name: "acme/etcd", releases: versions }],
});

describe("pushing an uploaded package", () => {
  it("answers with where it is, and what was in the archive", async () => {
    const answer = await omps.upload(`${V1}/1.0.0`, packageZip({ files: { "README.md": "# hi\n" } }));

    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(answer.body).toEqual({
      organization: "acme",
      repo: "etcd",
      version: "1.0.0",
      extracted_files: ["README.md", "etcd.v0.1.0.csv.yaml", "package.yaml"],
    });
    expect(releases()).toEqual(["1.0.0"]);
  });

  it("pushes a flat package as one bundle.yaml, in a directory named after the repository", async () => {
    await omps.upload(`${V1}/1.0.0`, packageZip());

    const tar = gunzipSync(omps.quay.tarball("acme/etcd", "1.0.0") ?? "");
    expect(tar.toString("latin1", 0, 100)).toMatch(/^etcd\/\0/);
    expect(tar.toString()).toContain("etcd/bundle.yaml\0");
    expect(tar.toString()).toContain("clusterServiceVersions: |");
  });

  it("pushes a nested package as it is", async () => {
    await omps.upload(
      `${V1}/1.0.0`,
      packageZip({ layout: "nested", versions: ["0.1.0", "0.2.0"], files: { "README.md": "# hi\r\n" } }),
    );

    const tar = gunzipSync(omps.quay.tarball("acme/etcd", "1.0.0") ?? "").toString();
    for (const path of ["README.md", "package.yaml", "0.1.0/etcd.csv.yaml", "0.2.0/etcd.csv.yaml"]) {
      expect(tar).toContain(`etcd/${path}\0`);
    }
    expect(tar).toContain("# hi\r\n");
  });

  it("gives one content one digest, so that a release can be recognized", async () => {
    await omps.upload(`${V1}/1.0.0`, packageZip());
    await omps.upload(`${V1}/2.0.0`, packageZip());

    const [first, second] = ["1.0.0", "2.0.0"].map((version) => omps.quay.tarball("acme/etcd", version));
    expect(first).toEqual(second);
  });

  it("passes the caller's token on as it is", async () => {
    await omps.upload(`${V1}/1.0.0`, packageZip());

    expect(omps.quay.requests.map(({ authorization }) => authorization)).toEqual([ACME.token]);
  });

  it("takes the repository from the package in v2", async () => {
    const answer = await omps.upload("/v2/acme/zipfile/1.0.0", packageZip({ name: "other" }));

    expect(answer.body).toMatchObject({ repo: "other" });
    expect(releases("acme/other")).toEqual(["1.0.0"]);
  });
});

describe("without a version", () => {
  it("pushes the default release to a new repository", async () => {
    expect((await omps.upload(V1, packageZip())).body).toMatchObject({ version: "1.0.0" });
  });

  it("pushes the next one after the highest", async () => {
    omps.reset(holding("2.5.1", "10.0.0-rc1", "1.0.0"));

    expect((await omps.upload("/v2/acme/zipfile", packageZip())).body).toMatchObject({ version: "3.0.0" });
  });

  it("chooses anew when somebody else takes the version meanwhile", async () => {
    omps.reset(holding("1.0.0"));
    omps.quay.faults = [
      { op: "push", times: 2, do: { status: 409, json: { error: { code: "package-exists" } } } },
    ];

    expect((await omps.upload(V1, packageZip())).body).toMatchObject({ version: "4.0.0" });
    expect(writes()).toEqual(["push", "push", "push"]);
  });

  it("gives up after five choices", async () => {
    omps.quay.faults = [{ op: "push", do: { status: 409, json: { error: { code: "package-exists" } } } }];

    expect(await omps.upload(V1, packageZip())).toMatchObject({
      status: 500,
      body: { error: "QuayCourierError" },
    });
    expect(writes()).toHaveLength(5);
  });

  it("pushes nothing when the releases cannot be listed", async () => {
    omps.quay.faults = [{ op: "list", do: { status: 500, body: "" } }];

    expect(await omps.upload(V1, packageZip())).toMatchObject({
      status: 500,
      body: { error: "QuayPackageError" },
    });
    expect(writes()).toEqual([]);
  });
});

describe("the length of a version", () => {
  const longest = `1.0.${"9".repeat(251)}`;
  const paths = ["/v1/acme/etcd/zipfile", "/v2/acme/zipfile"];

  it.each(paths)("may be the 255 characters that Quay takes: %s", async (path) => {
    expect(await omps.upload(`${path}/${longest}`, packageZip())).toMatchObject({
      status: 200,
      body: { version: longest },
    });
    expect(releases()).toEqual([longest]);
  });

  it.each(paths)("is refused above, and leaves no repository: %s", async (path) => {
    expect(await omps.upload(`${path}/${longest}9`, packageZip())).toMatchObject({
      status: 400,
      body: { error: "OMPSInvalidVersionFormat", message: expect.stringContaining("255") },
    });
    expect(omps.ops()).toEqual([]);
    expect(omps.quay.packages()).toEqual({});
  });

  it.each(paths)("bounds the chosen one too: %s", async (path) => {
    const highest = `${"9".repeat(251)}.0.0`;
    omps.reset(holding(highest));

    expect(await omps.upload(path, packageZip())).toMatchObject({
      status: 400,
      body: { error: "OMPSInvalidVersionFormat", message: expect.stringContaining("no next version") },
    });
    expect(writes()).toEqual([]);
    expect(releases()).toEqual([highest]);
  });
});

describe("a version that is there already", () => {
  it("is not pushed again, and not counted up", async () => {
    omps.reset(holding("1.0.0"));

    const answer = await omps.upload(`${V1}/1.0.0`, packageZip());

    expect(answer).toMatchObject({
      status: 500,
      body: { error: "QuayCourierError", quay_response: { error: { code: "package-exists" } } },
    });
    expect(writes()).toEqual(["push"]);
    expect(releases()).toEqual(["1.0.0"]);
  });
});

describe("an organization that is public", () => {
  it("has its repository made public with its own token", async () => {
    expect((await omps.upload("/v1/open/etcd/zipfile", packageZip())).status).toBe(200);

    expect(omps.quay.packages()["open/etcd"]).toEqual({ visibility: "public", releases: ["1.0.0"] });
    expect(omps.quay.requests.at(-1)?.authorization).toBe(`Bearer ${ACME.oauthToken}`);
  });

  it("is told when the repository could not be made public", async () => {
    omps.quay.faults = [{ op: "visibility", do: { status: 403, json: {} } }];

    expect(await omps.upload("/v1/open/etcd/zipfile", packageZip())).toMatchObject({
      status: 500,
      body: { error: "QuayPackageError" },
    });
  });

  it("is not published when the push failed", async () => {
    omps.quay.faults = [{ op: "push", do: { status: 500, body: "" } }];
    await omps.upload("/v1/open/etcd/zipfile", packageZip());

    expect(writes()).toEqual(["push"]);
  });
});

describe("what is refused pushes nothing", () => {
  const zip = packageZip();
  it.each<[string, () => ReturnType<Omps["call"]>, number, string]>([
    [
      "no token",
      () => omps.upload(V1, zip, { authorization: undefined }),
      403,
      "OMPSAuthorizationHeaderRequired",
    ],
    [
      "an empty token",
      () => omps.upload(V1, zip, { authorization: "" }),
      403,
      "OMPSAuthorizationHeaderRequired",
    ],
    [
      "an organization that cannot be",
      () => omps.upload("/v1/a%20b/etcd/zipfile", zip),
      400,
      "OMPSInvalidName",
    ],
    [
      "an organization that is a step up",
      () => omps.upload("/v1/../etcd/zipfile", zip),
      400,
      "OMPSInvalidName",
    ],
    [
      "a repository that cannot be",
      () => omps.upload("/v1/acme/Etcd%3Fforce=true/zipfile", zip),
      400,
      "OMPSInvalidName",
    ],
    ["no file", () => omps.call("POST", V1), 400, "OMPSExpectedFileError"],
    ["a file of another name", () => omps.call("POST", V1, form(zip, "m.tar")), 400, "OMPSUploadedFileError"],
    ["a file that is no zip", () => omps.upload(V1, Buffer.from("junk")), 400, "OMPSUploadedFileError"],
    ["a body over the limit", () => omps.upload(V1, Buffer.alloc(4000)), 413, "RequestEntityTooLarge"],
    [
      "an archive over the limit",
      () => omps.upload(V1, packageZip({ files: { big: Buffer.alloc(6000) } })),
      400,
      "OMPSUploadedFileError",
    ],
    [
      "no package",
      () => omps.upload(V1, packageZip({ files: { "package.yaml": null } })),
      400,
      "PackageValidationError",
    ],
    [
      "a package of another name",
      () => omps.upload("/v1/acme/other/zipfile/1.0.0", zip),
      400,
      "PackageValidationError",
    ],
    [
      "a CSV that breaks the rules",
      () => omps.upload(`${V1}/1.0.0`, packageZip({ spec: "  version: 1.0.0\n" })),
      400,
      "PackageValidationError",
    ],
    [
      "YAML that cannot be read",
      () => omps.upload(`${V1}/1.0.0`, packageZip({ files: { "a.yaml": "a: [1\n" } })),
      400,
      "PackageValidationError",
    ],
    [
      "a packageName that is no repository, in v2",
      () => omps.upload("/v2/acme/zipfile/1.0.0", packageZip({ name: "Etcd" })),
      400,
      "PackageValidationError",
    ],
    ["a version of another form", () => omps.upload(`${V1}/v1.0.0`, zip), 400, "OMPSInvalidVersionFormat"],
  ])("%s", async (_, call, status, error) => {
    const answer = await call();

    expect(answer).toMatchObject({ status, body: { status, error } });
    expect(answer.body["message"]).toMatch(/\w+ \w+/);
    expect(omps.quay.requests.filter(({ op }) => op !== "list" && op !== "releases")).toEqual([]);
  });

  it("shows what the rules found", async () => {
    const answer = await omps.upload(`${V1}/1.0.0`, packageZip({ spec: "  version: 1.0.0\n" }));

    expect(answer.body["validation_info"]).toMatchObject({
      errors: expect.arrayContaining([expect.stringContaining("installModes")]),
      warnings: expect.arrayContaining([expect.stringContaining("displayName")]),
    });
  });

  it("shows an empty object where the rules were not reached", async () => {
    const answer = await omps.upload(`${V1}/1.0.0`, packageZip({ files: { "package.yaml": null } }));

    expect(answer.body["validation_info"]).toEqual({});
  });

  it("names the first fault in the order of the steps: the archive, the package, the version, the rules", async () => {
    const broken = packageZip({ spec: "  version: 1.0.0\n" });
    const answers = [
      await omps.upload(`${V1}/x`, Buffer.from("junk")),
      await omps.upload(`${V1}/x`, packageZip({ files: { "package.yaml": null } })),
      await omps.upload(`${V1}/x`, broken),
    ];

    expect(answers.map(({ body }) => body["error"])).toEqual([
      "OMPSUploadedFileError",
      "PackageValidationError",
      "OMPSInvalidVersionFormat",
    ]);
  });
});

it("refuses a caller whom Quay refuses, with Quay's answer", async () => {
  expect(await omps.upload(V1, packageZip(), { authorization: ACME.stranger })).toMatchObject({
    status: 403,
    body: { error: "QuayAuthorizationError", quay_response: { error: { code: "forbidden" } } },
  });
  expect(omps.quay.packages()).toEqual({});
});
