import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, inject, it } from "vitest";
import { EXAMPLE, EXAMPLE_TOKEN } from "../../infra/local/example.ts";
import { omps, packageOf } from "./installed.ts";

const FOLDER = "examples/pipelines";

/** All texts in a document. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The lines of a pipeline that call the command. */
function calls(file: string): string[] {
  const texts = textsIn(load(readFileSync(join(FOLDER, file), "utf8")));
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("omps "));
}

describe("the pipelines of the examples", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

  it.each(files)("%s is YAML, and calls the command as it can be called", async (file) => {
    const lines = calls(file);
    expect(lines).not.toEqual([]);

    for (const line of lines) {
      const dir = packageOf(file.replace(".yaml", ""));
      const ready = line.replace(/ \.\/manifests| "\$MANIFESTS"/, ` ${dir}`).replaceAll(/ > \S+$/g, "");
      const words = execFileSync("bash", ["--norc", "-c", `printf '%s\\n' ${ready}`], {
        encoding: "utf8",
        env: { GITHUB_REF_NAME: "v1.2.3", CI_COMMIT_TAG: "v1.2.3", VERSION: "1.2.3" },
      });
      const [, ...args] = words.trimEnd().split("\n");
      expect(await omps(args)).toMatchObject({ status: 0, stderr: expect.not.stringContaining("omps:") });
    }
  });

  it("push.sh pushes with curl, and fails where the push does", async () => {
    const env = {
      PATH: process.env["PATH"],
      OMPS_SERVER: inject("server"),
      OMPS_ORG: EXAMPLE.organization,
      OMPS_TOKEN: EXAMPLE_TOKEN,
    };
    const push = (...args: string[]) =>
      execFileSync("sh", [join(FOLDER, "push.sh"), ...args], { env, encoding: "utf8", stdio: "pipe" });
    const dir = packageOf("by-curl");

    expect(JSON.parse(push(dir, "1.2.3"))).toMatchObject({ repo: "by-curl", version: "1.2.3" });
    expect(() => push(dir, "1.2")).toThrow("Command failed");
  });
});
