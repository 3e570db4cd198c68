import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EXAMPLE_DIGEST } from "../support/example-digest.ts";
import { otherNodes } from "../tools/nodes.ts";

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe.runIf(inject("tools").includes("nodes"))("the digest of the example bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "omps-digest-"));
  const script = join(folder, "digest-of.mjs");

  beforeAll(async () => {
    const banner =
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    await build({
      entryPoints: [here("digest-of.ts")],
      outfile: script,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      banner: { js: banner },
      logLevel: "silent",
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is the same with Node 20, 22 and 24", async () => {
    const programs = [...(await otherNodes()), process.execPath];
    const printed: string[] = [];
    for (const node of programs)
      printed.push((await run(node, [script, here("../../examples/bundle")])).stdout);

    const found = printed.map((line) => line.split(" "));
    expect(found.map(([version = ""]) => version.split(".")[0])).toEqual(["20", "22", "24"]);
    expect(found.map(([, digest]) => digest)).toEqual([EXAMPLE_DIGEST, EXAMPLE_DIGEST, EXAMPLE_DIGEST]);
  });
});
