import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as z from "zod/mini";

const run = promisify(execFile);

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: "ms" | "MiB" | "requests";
  /** What the original service needs for the same, measured apart. */
  readonly original?: number;
  /** Undefined: the figure is for information. */
  readonly budget?: number;
  readonly ours: number;
  /** The same work by plain calls of libraries, in this run. */
  readonly plain?: number;
  /** operator-courier on the same package, in this run. */
  readonly courier?: number;
  /** How many times faster than operator-courier it must be. */
  readonly timesCourier?: number;
}

const measurementSchema = z.object({ cpu: z.number(), peak: z.number() });

/** Milliseconds of CPU a run, and bytes of memory at the most. */
export type Measurement = z.output<typeof measurementSchema>;

/** Bundles a script of this folder, so that the process that is measured holds no TypeScript compiler. */
export async function bundleScript(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    banner: { js: banner },
    logLevel: "silent",
  });
  return outfile;
}

/** Runs a bundled script in a process of its own; the last line that it prints is the measurement. */
export async function measure(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measurement> {
  process.stderr.write(`measuring ${args.join(" ")}\n`);
  const { stdout } = await run(process.execPath, [script, ...args], { env: { ...process.env, ...env } });
  return measurementSchema.parse(JSON.parse(stdout.slice(stdout.lastIndexOf("{"))));
}
