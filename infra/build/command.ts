import { join } from "node:path";
import { build } from "esbuild";
import { PROJECT } from "./places.ts";
import { builtinsByCall, ownModulesOnlyWhenUsed } from "./plugins.ts";

/** Where the `omps` command is built to, as package.json says. */
export const COMMAND_FILE: string = join(PROJECT, "dist/omps.mjs");

/** Bundles the `omps` command with all that it needs into one file, for the oldest Node that the project takes. */
export async function bundleCommand(): Promise<void> {
  await build({
    absWorkingDir: PROJECT,
    entryPoints: ["bin/omps.ts"],
    outfile: COMMAND_FILE,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    minify: true,
    // The file has no map: a stack trace must tell something.
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
    plugins: [builtinsByCall, ownModulesOnlyWhenUsed],
  });
}
