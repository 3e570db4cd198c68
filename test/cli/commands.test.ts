import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXAMPLE } from "../../infra/local/example.ts";
import { zipOf } from "../support/zip.ts";
import { change, folder, json, omps, packageOf, serverThat } from "./installed.ts";

const CSV = "tidewater-operator.v0.2.0.clusterserviceversion.yaml";
const PACKAGE = "tidewater-operator.package.yaml";

/** Above what is sent with the request; random, so that a zip of it is too. */
const LARGE = randomBytes(3_000_000);

describe("omps push", () => {
  it("pushes a directory as the next version, and as the one that is named", async () => {
    const dir = packageOf("pushed-twice");

    expect(await omps(["push", dir])).toEqual({
      status: 0,
      stdout: "Pushed example/pushed-twice 1.0.0 (4 files)\n",
      stderr: "",
    });
    expect((await omps(["push", dir, "4.5.6"])).stdout).toBe("Pushed example/pushed-twice 4.5.6 (4 files)\n");
  });

  it("leaves out .git", async () => {
    const dir = packageOf("with-git");
    writeFileSync(join(dir, ".git"), "gitdir: elsewhere");

    const { stdout } = await omps(["push", dir, "--json"]);

    expect(JSON.parse(stdout)).toMatchObject({
      repo: "with-git",
      extracted_files: ["sluice.crd.yaml", "tidecluster.crd.yaml", PACKAGE, CSV],
    });
  });

  it("pushes a zip to the repository that is named", async () => {
    const files = Object.fromEntries(
      ["sluice.crd.yaml", "tidecluster.crd.yaml", CSV].map((name) => [
        name,
        readFileSync(join("examples/flat", name)),
      ]),
    );
    const dir = packageOf("from-a-zip");
    const zip = join(folder(), "package.bin");
    writeFileSync(zip, zipOf({ ...files, [PACKAGE]: readFileSync(join(dir, PACKAGE)) }));

    const { status, stderr } = await omps(["push", zip, "--repository", "from-a-zip", "--verbose"]);

    expect(status).toBe(0);
    expect(stderr).toMatch(/^POST http:\S+\/v1\/example\/from-a-zip\/zipfile: 200, \d+ ms\n$/);
  });

  it("uploads what is too large for a request, and tells how far it is in lines", async () => {
    const dir = packageOf("large");
    writeFileSync(join(dir, "large.bin"), LARGE);

    const { status, stdout, stderr } = await omps(["push", dir, "--verbose"]);

    expect(status).toBe(0);
    expect(stdout).toBe("Pushed example/large 1.0.0 (5 files)\n");
    expect(stderr).toMatch(/100% of 3\.0 MB sent\n/);
    expect(stderr).toMatch(/POST \S+\/v2\/example\/uploads: 201[\s\S]*POST \S+\/v2\/example\/zipfile: 200/);
    expect(stderr).not.toContain("\u001b");
  });

  it("waits for a queued push, and tells its steps", async () => {
    const { status, stdout, stderr } = await omps(["push", packageOf("waited-for"), "--wait"]);

    expect(status).toBe(0);
    expect(stdout).toBe("Pushed example/waited-for 1.0.0 (4 files)\n");
    expect(stderr).toMatch(/^[0-9a-f]{32}: succeeded\n/m);
  });

  it("queues a push, whose operation 'omps status' follows to its end", async () => {
    const queued: unknown = JSON.parse(
      (await omps(["push", packageOf("queued"), "--async", "--json"])).stdout,
    );
    expect(queued).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    const { id } = Object(queued);

    const { status, stdout } = await omps(["status", id, "--wait", "--json"]);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      id,
      status: "succeeded",
      result: { repo: "queued" },
    });
  });

  it("ends with 1 where the package is refused, also when it was queued, and pushes nothing", async () => {
    const dir = packageOf("refused");
    change(dir, PACKAGE, /currentCSV: .*/, "currentCSV: nothing");

    for (const more of [[], ["--wait"]]) {
      const { status, stdout, stderr } = await omps(["push", dir, ...more]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toMatch(/^omps: PackageValidationError: Failed to push manifest: .*\n {2}- /m);
    }
    expect((await omps(["releases", "refused"])).status).toBe(1);
  });

  it("ends with 1 where the release is there already, without trying again", async () => {
    const dir = packageOf("there-already");
    await omps(["push", dir, "1.0.0"]);

    const { status, stderr } = await omps(["push", dir, "1.0.0"]);

    expect(status).toBe(1);
    expect(stderr).toMatch(/^omps: QuayCourierError: .*exists already.*\n$/);
  });
});

describe("omps push-koji, releases, delete, status", () => {
  it("pushes a build, lists its release, and deletes it", async () => {
    const { stdout: pushed } = await omps(["push-koji", EXAMPLE.nvr, "7.8.9", "--json"]);
    expect(JSON.parse(pushed)).toMatchObject({ nvr: EXAMPLE.nvr, version: "7.8.9" });

    const { stdout: table } = await omps(["releases", EXAMPLE.repository]);
    expect(table).toMatch(/^VERSION +CREATED +DIGEST\n7\.8\.9 +\d{4}-\S+ +[0-9a-f]{64}\n$/);
    const { stdout: page } = await omps(["releases", EXAMPLE.repository, "--json"]);
    expect(JSON.parse(page)).toMatchObject({ total: 1, next: null, releases: [{ version: "7.8.9" }] });

    expect(await omps(["delete", EXAMPLE.repository, "7.8.9"])).toEqual({
      status: 0,
      stdout: `Deleted example/${EXAMPLE.repository}: 7.8.9\n`,
      stderr: "",
    });
    expect((await omps(["releases", EXAMPLE.repository])).status).toBe(1);
  });

  it("lists the releases of all pages", async () => {
    const { url, got } = await serverThat((response, request, count) => {
      const releases = [{ version: `${count}.0.0`, digest: null, created: null }];
      const next = count === 1 ? "/stage/v2/example/paged/releases?limit=100&after=1.0.0" : null;
      json(response, request, 200, { organization: "example", repo: "paged", releases, total: 2, next });
    });

    const { stdout } = await omps(["releases", "paged"], { env: { OMPS_SERVER: `${url}/stage/` } });

    expect(stdout).toBe("VERSION  CREATED  DIGEST\n1.0.0    -        -\n2.0.0    -        -\n");
    expect(got.map((each) => each.url)).toEqual([
      "/stage/v2/example/paged/releases?limit=100",
      "/stage/v2/example/paged/releases?limit=100&after=1.0.0",
    ]);
  });

  it("lists so many releases as are asked for, and deletes all only when told so", async () => {
    const dir = packageOf("many");
    for (const version of ["1.0.0", "2.0.0", "3.0.0"]) await omps(["push", dir, version]);

    expect((await omps(["releases", "many"])).stdout.split("\n")).toHaveLength(5);
    expect((await omps(["releases", "many", "--limit", "1"])).stdout).toMatch(/^VERSION.*\n3\.0\.0 .*\n$/);
    expect((await omps(["delete", "many"])).status).toBe(2);
    const { stdout } = await omps(["delete", "many", "--all"]);
    expect(stdout.match(/\d\.0\.0/g)?.toSorted()).toEqual(["1.0.0", "2.0.0", "3.0.0"]);
  });

  it("tells how the server is, without a token", async () => {
    const env = { OMPS_TOKEN: undefined };

    const { status, stdout } = await omps(["status"], { env });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^http:\S+: OMPS \d+\.\d+.*\n {2}quay +ok: .*\n {2}koji +ok: .*\n {2}greenwave +not configured\n$/,
    );
    const { stdout: raw } = await omps(["status", "--json"], { env });
    expect(JSON.parse(raw)).toMatchObject({
      about: { operatorcourier: "2.1.11" },
      health: { ok: true, status: 200 },
    });
  });
});

describe("omps validate", () => {
  it("tells what a push would do, and pushes nothing", async () => {
    const { status, stdout } = await omps(["validate", packageOf("valid")]);

    expect(status).toBe(0);
    expect(stdout).toMatch(/: valid, flat\n {2}package {3}valid, with 0\.2\.0\n/);
    expect(stdout).toMatch(
      /\n {2}pushes {4}example\/valid 1\.0\.0: .* kB, [0-9a-f]{64}\n {2}files {5}bundle\.yaml\n/,
    );
    expect((await omps(["releases", "valid"])).status).toBe(1);
  });

  it("needs no token, and then tells no version", async () => {
    const { status, stdout } = await omps(["validate", packageOf("no-token")], {
      env: { OMPS_TOKEN: undefined },
    });

    expect(status).toBe(0);
    expect(stdout).toContain("  pushes    example/no-token the next version: ");
  });

  it("tells each finding with its file, its field and a hint, and ends with 1", async () => {
    const dir = packageOf("invalid");
    change(dir, PACKAGE, /currentCSV: .*/, "currentCSV: nothing");
    change(dir, CSV, / {2}displayName: .*\n/, "");

    const { status, stdout, stderr } = await omps(["validate", dir]);

    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toMatch(/: NOT VALID, flat\n/);
    expect(stdout).toMatch(
      / {2}Errors \(1\)\n {2}- tidewater-operator\.package\.yaml, channels\[0\]\S*\n.*nothing.*\n {6}Name the metadata\.name/,
    );
    expect(stdout).toContain(`  - ${CSV}, spec\n      csv spec.displayName not defined\n      Add the field`);
  });

  it("judges a build, and gives the server's JSON as it is", async () => {
    const { status, stdout } = await omps(["validate", "--koji", EXAMPLE.nvr, "--json"]);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, nvr: EXAMPLE.nvr, package: EXAMPLE.repository });
  });
});

describe("the package", () => {
  it("has what the command needs, and nothing else", async () => {
    const { stdout } = await omps(["--version"]);
    const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));

    expect(`${Object(manifest).version}\n`).toBe(stdout);
    // Packing has put package.json back.
    expect(manifest).toHaveProperty("dependencies.jszip");
  });

  it("zips the same files to the same bytes", async () => {
    const first = packageOf("same-bytes");
    const second = packageOf("same-bytes");
    rmSync(join(second, PACKAGE));
    writeFileSync(join(second, PACKAGE), readFileSync(join(first, PACKAGE)));
    const { packageArchive } = await import("../../bin/omps/package-archive.ts");

    expect(packageArchive(first).zip.equals(packageArchive(second).zip)).toBe(true);
  });
});
