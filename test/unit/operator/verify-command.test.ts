import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import JSZip from "jszip";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Contents, csv, filesOf, flatPackage, nestedPackage } from "./package-builder.ts";

let dir = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "omps-verify-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function write(contents: Contents): void {
  for (const [path, bytes] of filesOf(contents)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
}

function run(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/node", ["bin/verify.ts", ...args], {
    input,
    encoding: "utf8",
  });
  return {
    status,
    stdout,
    stderr,
    answers: stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line)),
  };
}

describe("bin/verify.ts", () => {
  it("prints the verdict and what would be pushed as one line, and exits with 0 for a valid package", () => {
    write(nestedPackage());
    const { status, stdout, answers } = run([dir, "foo"]);

    expect(status).toBe(0);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(answers).toEqual([
      {
        nested: true,
        valid: true,
        error: null,
        errors: [],
        warnings: [],
        bundle: null,
        pushedFiles: expect.arrayContaining(Object.keys(nestedPackage())),
      },
    ]);
  });

  it("prints the text of the bundle of a flat package", () => {
    write(flatPackage());
    const [answer] = run([dir, "foo"]).answers;

    expect(answer).toMatchObject({ nested: false, valid: true, pushedFiles: ["bundle.yaml"] });
    expect(answer.bundle).toMatch(/^data:\n/);
  });

  it("exits with 1 for a package that is not valid", () => {
    write({ "a.yaml": "b: [" });
    const { status, answers } = run([dir, "foo"]);

    expect(status).toBe(1);
    expect(answers).toEqual([
      {
        nested: null,
        valid: false,
        error: { class: "OpCourierBadYaml", message: "Courier requires valid input YAML files" },
        errors: [],
        warnings: [],
        bundle: null,
        pushedFiles: null,
      },
    ]);
  });

  it("answers each request of a batch in order, also what is no request", () => {
    write(flatPackage());
    const requests = [
      JSON.stringify({ id: "1", dir, repository: "foo" }),
      "not JSON",
      JSON.stringify({ dir: join(dir, "absent"), repository: "foo" }),
      JSON.stringify({ id: "2", dir, repository: "bar" }),
    ];
    const { status, answers } = run(["--batch"], `${requests.join("\n")}\n`);

    expect(status).toBe(0);
    expect(answers.map(({ id, valid, error }) => [id, valid, error?.class])).toEqual([
      ["1", true, undefined],
      [undefined, false, "BadRequest"],
      [undefined, false, "BadRequest"],
      ["2", false, "OpCourierBadBundle"],
    ]);
  });

  it("judges a zip, and a package against its own name where no repository is given", async () => {
    const zip = new JSZip();
    for (const [path, bytes] of filesOf(flatPackage())) zip.file(path, bytes);
    const file = join(dir, "package.zip");
    writeFileSync(file, await zip.generateAsync({ type: "nodebuffer" }));

    expect(run([file]).answers).toMatchObject([{ valid: true }]);
    expect(run([file, "bar"]).answers).toMatchObject([{ valid: false }]);
  });

  it("judges several packages, and exits with 1 when one is not valid", () => {
    write(flatPackage());
    mkdirSync(join(dir, "empty"));
    const { status, answers } = run([dir, join(dir, "empty"), dir]);

    expect(status).toBe(1);
    expect(answers.map(({ valid }) => valid)).toEqual([true, false, true]);
  });

  it("tells in its place what cannot be read, judges the others, and exits with 2", () => {
    write(flatPackage());
    const { status, answers, stderr } = run([dir, join(dir, "absent.zip"), dir]);

    expect(status).toBe(2);
    expect(stderr).toBe("");
    expect(answers).toMatchObject([
      { valid: true },
      { valid: false, error: { class: "BadRequest", message: expect.stringContaining("absent.zip") } },
      { valid: true },
    ]);
  });

  it("passes over a link that leads nowhere", () => {
    write(flatPackage());
    symlinkSync("nowhere", join(dir, "link.yaml"));

    expect(run([dir])).toMatchObject({ status: 0, answers: [{ valid: true }] });
  });

  it("tells with --target bundle which images of packages and bundles would be pushed", () => {
    const { status, answers } = run(["--target", "bundle", "examples/bundle", "examples/nested"]);

    expect(status).toBe(0);
    expect(answers).toMatchObject([
      {
        valid: true,
        errors: [],
        warnings: [expect.stringMatching(/^metadata\/annotations.yaml: Its default channel/)],
        images: [
          {
            package: "tidewater-operator",
            version: "0.2.0",
            channels: ["alpha"],
            default_channel: "stable",
            digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
            files: expect.arrayContaining(["metadata/annotations.yaml"]),
          },
        ],
      },
      { valid: true, images: expect.arrayContaining([expect.objectContaining({ version: "0.2.0" })]) },
    ]);
  });

  it("tells with --target bundle why an archive makes no image", () => {
    write(flatPackage({ "csv.yaml": csv({ version: "1" }, { name: "foo.v1" }) }));
    mkdirSync(join(dir, "empty"));
    const absent = join(dir, "absent");
    const { status, answers } = run(["--target", "bundle", dir, join(dir, "empty"), absent]);

    expect(status).toBe(2);
    expect(answers).toMatchObject([
      { valid: false, errors: [expect.stringMatching(/^csv.yaml: Expected spec.version/)], images: [] },
      { valid: false, errors: [expect.stringContaining("Could not find an operator")], images: [] },
      { valid: false, errors: [expect.stringContaining(absent)], images: [] },
    ]);
    expect(run(["--target", "bundle", dir]).status).toBe(1);
  });

  it("takes no repository with --target bundle, no batch, and no other target", () => {
    write(flatPackage());

    expect(run(["--target", "bundle", dir, "foo"])).toMatchObject({
      status: 2,
      answers: [{}, { valid: false }],
    });
    expect(run(["--target", "bundle", "--batch"]).stderr).toContain(
      "Expected --batch without --target bundle",
    );
    expect(run(["--target", "quay", dir]).stderr).toContain(
      "Expected the target appregistry or bundle, got quay",
    );
  });

  it("shows its usage", () => {
    expect(run(["--help"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Usage: npm run verify"),
    });
    expect(run([])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Expected a directory or a zip"),
    });
    expect(run(["--nonsense"])).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage:") });
    expect(run([join(dir, "absent"), "foo"]).status).toBe(2);
  });
});
