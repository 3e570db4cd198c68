import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";
import { packageFiles, packageZip } from "../support/package.ts";
import { zipOf } from "../support/zip.ts";

const SETTINGS = {
  package_name_suffix: "-staged",
  replace_registry: [
    { old: "quay.io", new: "registry.example" },
    { old: "^(# image: )registry\\.example/(?P<name>\\w+)$", new: "\\1\\g<name>", regexp: true },
  ],
  csv_annotations: [
    { name: "com.example.package", value: "{package_name:>12}" },
    { name: "com.example.registry", value: "quay.io" },
  ],
};

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: {
      organizations: {
        acme: SETTINGS,
        open: { csv_annotations: [{ name: "a", value: "b" }] },
      },
    },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const NAME = "etcd-staged";

/** The text of the tar that was pushed. */
const pushed = (name = `acme/${NAME}`, version = "1.0.0") =>
  gunzipSync(omps.quay.tarball(name, version) ?? "").toString();

describe("an organization with settings", () => {
  it("pushes a nested package with its changes, and all else to the byte", async () => {
    const files = packageFiles({
      layout: "nested",
      files: {
        "package.yaml":
          "# head\r\npackageName: 'etcd' # name\r\nchannels: [{name: a, currentCSV: etcd.v0.1.0}]\r\n",
        "0.1.0/etcd.csv.yaml": null,
        "0.1.0/csv.yaml":
          "# image: quay.io/etcd\nkind: ClusterServiceVersion\napiVersion: v1\nmetadata: {name: etcd.v0.1.0} # quay.io\nspec:\n  installModes: []\n  install: {strategy: deployment, spec: {deployments: []}}\n",
        "0.1.0/other.yaml": "a: 'b'   # c\n",
        "README.md": "quay.io\r\n",
      },
    });

    const answer = await omps.upload("/v2/acme/zipfile/1.0.0", zipOf(files));

    expect(answer).toMatchObject({ status: 200, body: { repo: NAME } });
    const tar = pushed();
    expect(tar).toContain(
      "# head\r\npackageName: 'etcd-staged' # name\r\nchannels: [{name: a, currentCSV: etcd.v0.1.0}]\r\n",
    );
    expect(tar).toContain(
      '# image: etcd\nkind: ClusterServiceVersion\napiVersion: v1\nmetadata: {"annotations": {"com.example.package": " etcd-staged", "com.example.registry": "quay.io"}, name: etcd.v0.1.0} # registry.example\nspec:\n',
    );
    expect(tar).toContain("a: 'b'   # c\n");
    expect(tar).toContain("quay.io\r\n");
  });

  it("pushes a flat package whose bundle has the changes", async () => {
    const answer = await omps.upload("/v2/acme/zipfile/1.0.0", packageZip());

    expect(answer).toMatchObject({ status: 200, body: { repo: NAME } });
    expect(pushed()).toContain("packageName: etcd-staged");
    expect(pushed()).toContain("com.example.package: ' etcd-staged'");
    expect(pushed()).toContain("com.example.registry: quay.io");
  });

  it("chooses the version among the releases of the name with its suffix", async () => {
    omps.reset({
      ...ACME_QUAY,
      repositories: [
        { name: "acme/etcd", releases: ["7.0.0"] },
        { name: `acme/${NAME}`, releases: ["2.5.0"] },
      ],
    });

    expect(await omps.upload("/v2/acme/zipfile", packageZip())).toMatchObject({ body: { version: "3.0.0" } });
  });

  it("holds the repository of v1 against the name with its suffix", async () => {
    const right = await omps.upload(`/v1/acme/${NAME}/zipfile/1.0.0`, packageZip());
    const wrong = await omps.upload("/v1/acme/etcd/zipfile/1.0.0", packageZip());

    expect(right.status).toBe(200);
    expect(wrong).toMatchObject({ status: 400, body: { error: "PackageValidationError" } });
    expect(wrong.body["validation_info"]).toMatchObject({
      errors: [expect.stringContaining("etcd-staged")],
    });
    expect(Object.keys(omps.quay.packages())).toEqual([`acme/${NAME}`]);
  });

  it("changes nothing for another organization", async () => {
    await omps.upload("/v2/open/zipfile/1.0.0", packageZip({ files: { "README.md": "x" } }));

    expect(pushed("open/etcd")).toContain("packageName: etcd\n");
    expect(pushed("open/etcd")).not.toContain("com.example");
  });
});

describe("a package that cannot be changed", () => {
  it.each([
    ["a name that is a number", { "package.yaml": "packageName: 12\n" }, "it is the number 12"],
    [
      "annotations that others use",
      { "x.yaml": "kind: ClusterServiceVersion\nmetadata: {annotations: &a {b: c}}\nd: *a\n" },
      "&a is used elsewhere",
    ],
    [
      "a registry in a file that is not UTF-8",
      { "d/x.yaml": Buffer.from("é: quay.io", "latin1") },
      "to be UTF-8",
    ],
  ])("because of %s is refused before anything is pushed", async (_, files, problem) => {
    const answer = await omps.upload("/v2/acme/zipfile/1.0.0", packageZip({ files }));

    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: "PackageValidationError",
        validation_info: {},
        message: expect.stringContaining(problem),
      },
    });
    expect(omps.quay.packages()).toEqual({});
  });

  it("because of broken YAML is refused where the rules look at it only", async () => {
    const seen = await omps.upload(
      "/v2/open/zipfile/1.0.0",
      packageZip({ files: { "docs/a.yaml": "a: [" } }),
    );
    const unseen = await omps.upload(
      "/v2/open/zipfile/1.0.0",
      packageZip({ files: { "d/e/a.yaml": "a: [" } }),
    );

    expect(seen).toMatchObject({ status: 400, body: { error: "PackageValidationError" } });
    expect(unseen.status).toBe(200);
    expect(omps.ops().filter((op) => op === "push")).toHaveLength(1);
  });
});

it("the token of the caller is all that Quay sees of a changed push", async () => {
  await omps.upload("/v2/acme/zipfile/1.0.0", packageZip());

  expect(new Set(omps.quay.requests.map(({ authorization }) => authorization))).toEqual(
    new Set([ACME.token]),
  );
});
