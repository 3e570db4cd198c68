import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Ended, linesOf, runScript } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "omps-check-config-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function check(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runScript("bin/check-config.ts", args, env);
}

const GOOD = written(
  "good.json",
  JSON.stringify({
    quay_url: "https://quay.example",
    greenwave: { url: "https://greenwave.example", context: "omps_push", product_version: "cvp" },
    organizations: {
      example: {
        public: true,
        package_name_suffix: "-staged",
        replace_registry: [{ old: "quay.io", new: "registry.example" }],
        csv_annotations: [
          { name: "a", value: "{package_name}" },
          { name: "b", value: "c" },
        ],
      },
      another: { target: "bundle", registry: "https://registry.example" },
    },
    notifications: { rules: [{ package: "tidewater-operator", organization: "example" }] },
  }),
);

const BROKEN = written(
  "broken.json",
  JSON.stringify({
    max_content_length: 5_000_000,
    quay_url: "quay.io",
    organizations: { example: { csv_annotations: [{ name: "a", value: "{other}" }], colour: "red" } },
    timeout: 3,
  }),
);

const PROBLEMS = [
  "max_content_length: must be at most 4400000: more cannot pass API Gateway and Lambda",
  "quay_url: must be an http or https URL without credentials, query and fragment",
  "organizations.example.csv_annotations.0.value: has the field '{other}'; only {package_name} is known",
  "organizations.example.colour: is not a setting",
  "timeout: is not a setting",
];

describe("a configuration that is in order", () => {
  it("is ok, with what is done for each organization", async () => {
    const ended = await check([GOOD]);

    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(linesOf(ended.stdout)).toEqual([
      `${GOOD}: ok`,
      "  Quay: https://quay.example",
      "  Koji: https://koji.fedoraproject.org/kojihub, files from https://kojipkgs.fedoraproject.org/",
      "  Greenwave: https://greenwave.example decides on cvp (omps_push)",
      "  pushed on build notifications: 1 rule",
      "  organizations:",
      "    another: private, as bundle images to https://registry.example",
      '    example: public, package names end with "-staged", 1 registry replacement, 2 CSV annotations',
    ]);
  });

  it("is ok for programs too", async () => {
    const ended = await check(["--json", GOOD]);

    expect(ended.status).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual({ ok: true, problems: [] });
  });

  it("may be empty", async () => {
    const ended = await check([written("empty.json", "{}")]);

    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain("organizations: none");
  });

  it("is the one that OMPS_CONFIG names where none is given", async () => {
    const ended = await check([], { OMPS_CONFIG: GOOD });

    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain(`${GOOD}: ok`);
  });
});

describe("a configuration that is not in order", () => {
  it("is told with all problems at once, each on a line of its own", async () => {
    const ended = await check([BROKEN]);

    expect(ended).toMatchObject({ status: 1, stderr: "" });
    expect(linesOf(ended.stdout).toSorted()).toEqual(PROBLEMS.toSorted());
  });

  it("is told to programs in the same words", async () => {
    const ended = await check(["--json", BROKEN]);

    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stdout)).toEqual({ ok: false, problems: expect.arrayContaining(PROBLEMS) });
  });

  it.each([
    { what: "is not there", file: join(folder, "missing.json"), problem: /^cannot be read: ENOENT/ },
    { what: "is not JSON", file: written("text.json", "public: true"), problem: /^is not JSON: / },
    {
      what: "is no object",
      file: written("list.json", "[]"),
      problem: /^the file: expected object, got \[\]/,
    },
  ])("is told when the file $what", async ({ file, problem }) => {
    const ended = await check([file]);

    expect(ended.status).toBe(1);
    expect(linesOf(ended.stdout)).toEqual([expect.stringMatching(problem)]);
  });
});

describe("the command", () => {
  it("tells its usage when asked", async () => {
    const ended = await check(["--help"]);

    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toContain("Usage: npm run check-config");
  });

  it.each([
    { what: "no file", args: [], told: "name a configuration file" },
    { what: "two files", args: ["a.json", "b.json"], told: "one file at a time" },
    { what: "an option that it does not have", args: ["--strict", "a.json"], told: "--strict" },
  ])("tells wrong usage with exit status 2: $what", async ({ args, told }) => {
    const ended = await check(args);

    expect(ended).toMatchObject({ status: 2, stdout: "" });
    expect(ended.stderr).toContain(told);
    expect(ended.stderr).toContain("Usage: npm run check-config");
  });
});
