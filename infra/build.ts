import { mkdirSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { ConfigError } from "../lib/config/index.ts";
import { type Bundle, bundleFunctions } from "./build/bundle.ts";
import { readConfiguration, writeConfiguration } from "./build/configuration.ts";
import { FUNCTIONS_FOLDER } from "./build/places.ts";

const HELP = `Usage: npm run build [-- --json]

Bundles functions/*.ts into dist/functions, as it is deployed, and puts the configuration beside them.

  --json   tells what was written as JSON: {functions: [{name, file, bytes, …}], chunks: […]}
  --help   this text

Environment:
  OMPS_CONFIG   the configuration file ({} without it); certificates that it names are copied too

Exit status: 0 built, 1 the configuration or the code is not in order, 2 wrong usage
`;

async function build(): Promise<Bundle> {
  const configuration = readConfiguration(process.env["OMPS_CONFIG"]);
  rmSync(FUNCTIONS_FOLDER, { recursive: true, force: true });
  mkdirSync(FUNCTIONS_FOLDER, { recursive: true });
  const bundle = await bundleFunctions({ outdir: FUNCTIONS_FOLDER });
  writeConfiguration(configuration, FUNCTIONS_FOLDER);
  return bundle;
}

function table({ functions, chunks }: Bundle): string {
  return [
    row("function", "kB", "loaded at start, and zipped with all that it can load"),
    ...functions.map(({ name, bytes, startBytes, zippedBytes }) =>
      row(name, kB(bytes), `${kB(startBytes)} kB, ${kB(zippedBytes)} kB`),
    ),
    "",
    row("chunk", "kB", "mostly"),
    ...chunks.map(({ file, bytes, contents }) => row(file, kB(bytes), contents.slice(0, 3).join(", "))),
    "",
  ].join("\n");
}

function row(name: string, size: string, rest: string): string {
  return `${name.padEnd(34)}${size.padStart(7)}  ${rest}`;
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function usage(): { help: boolean; json: boolean } | undefined {
  try {
    const flag = { type: "boolean", default: false } as const;
    return parseArgs({ options: { help: flag, json: flag } }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

async function run(): Promise<number> {
  const asked = usage();
  if (!asked) return 2;
  if (asked.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    const bundle = await build();
    process.stdout.write(asked.json ? `${JSON.stringify(bundle)}\n` : table(bundle));
    return 0;
  } catch (error) {
    // esbuild's message has the place of each mistake.
    const lines =
      error instanceof ConfigError
        ? error.problems
        : [error instanceof Error ? error.message : String(error)];
    process.stderr.write(lines.map((line) => `${line}\n`).join(""));
    return 1;
  }
}

process.exitCode = await run();
