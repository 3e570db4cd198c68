import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../bin/omps/commands.ts";
import { folder, omps } from "./installed.ts";

/** What bash offers for the last of these words. */
async function offered(words: readonly string[], cwd = folder()): Promise<string[]> {
  const { stdout: script } = await omps(["completion", "bash"]);
  const run = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _omps; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", run, "bash", ...words], { cwd, encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");
}

describe("completion for bash", () => {
  it("offers the commands, their options, and files where a package is expected", async () => {
    const dir = folder();
    mkdirSync(join(dir, "my manifests"));
    writeFileSync(join(dir, "a.zip"), "");

    expect(await offered(["omps", "pu"])).toEqual(["push", "push-koji"]);
    expect(await offered(["omps", "--org", "acme", "push", "--w"])).toEqual(["--wait"]);
    expect(await offered(["omps", "completion", "z"])).toEqual(["zsh"]);
    expect((await offered(["omps", "push", ""], dir)).toSorted()).toEqual(["a.zip", "my manifests"]);
    expect(await offered(["omps", "push", "--org", ""], dir)).toEqual([]);
  });
});

it("completion for zsh names each command", async () => {
  const { status, stdout } = await omps(["completion", "zsh"]);

  expect(status).toBe(0);
  expect(stdout).toMatch(/^#compdef omps\n/);
  for (const { name } of COMMANDS) expect(stdout).toContain(`    ${name}) _arguments `);
});

describe("help", () => {
  it("lists all commands, and is what a call without arguments prints, with 2", async () => {
    const { status, stdout } = await omps(["--help"]);

    expect(status).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(stdout).toContain(`\n  ${name}`);
      expect(stdout).toContain(summary);
    }
    expect(await omps([])).toMatchObject({ status: 2, stdout });
  });

  it.each(COMMANDS.map(({ name }) => name))(
    "omps %s --help tells usage, options and exit status",
    async (name) => {
      const { status, stdout } = await omps([name, "--help"]);

      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: omps ${name}`));
      expect(stdout).toContain("--server URL");
      expect(stdout).toContain("Exit status:");
    },
  );
});
