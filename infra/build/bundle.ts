import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { PROJECT } from "./places.ts";
import { builtinsByCall, builtPageScript, ownModulesOnlyWhenUsed } from "./plugins.ts";

/** What is bundled, and where to. */
export interface BundleOptions {
  /** The folder that the bundles are written to, made where it is missing. */
  readonly outdir: string;
  /**
   * The folder whose `*.ts` files are functions.
   *
   * @default - the project's `functions`
   */
  readonly functions?: string;
}

/** One file that was written. */
export interface BundledFile {
  /** Path in the output folder. */
  readonly file: string;
  readonly bytes: number;
}

/** A file of `functions`, with its export `handler`. */
export interface BundledFunction extends BundledFile {
  readonly name: string;
  /** What is loaded before it can answer: its own file and chunks. */
  readonly startFiles: readonly string[];
  /** Size of those. */
  readonly startBytes: number;
  /** Size of all that it can ever load, as it is zipped for Lambda. */
  readonly zippedBytes: number;
}

/** Code that is loaded when it is first used, and what that has in common with the functions. */
export interface BundledChunk extends BundledFile {
  /** What it has most of: names of packages and of folders of ours, the largest first. */
  readonly contents: readonly string[];
}

export interface Bundle {
  readonly functions: readonly BundledFunction[];
  /** The largest first. */
  readonly chunks: readonly BundledChunk[];
}

/**
 * Bundles each function into `<name>.mjs`. What it imports when it needs it is split off into `chunks`, which
 * the functions share. Each function is bundled for itself, so that it loads nothing that only another one uses.
 */
export async function bundleFunctions({
  outdir,
  functions = join(PROJECT, "functions"),
}: BundleOptions): Promise<Bundle> {
  const entries = readdirSync(functions).filter((file) => file.endsWith(".ts"));
  const built = await Promise.all(entries.map((entry) => bundle(join(functions, entry), outdir)));
  return describe(Object.fromEntries(built.flatMap(({ outputs }) => Object.entries(outputs))), outdir);
}

async function bundle(entry: string, outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: [entry],
    outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // The ESM variant of a package is the one whose unused parts fall away.
    mainFields: ["module", "main"],
    minify: true,
    // Else an error's name in the log is "$".
    keepNames: true,
    sourcemap: "linked",
    legalComments: "none",
    metafile: true,
    logLevel: "silent",
    plugins: [builtPageScript, builtinsByCall, ownModulesOnlyWhenUsed],
  });
  return metafile;
}

type Outputs = Metafile["outputs"];

function describe(outputs: Outputs, outdir: string): Bundle {
  const fileOf = (path: string) => relative(outdir, resolve(PROJECT, path));
  const code = Object.entries(outputs).filter(([path]) => !path.endsWith(".map"));
  const isChunk = ([path]: [string, unknown]) => fileOf(path).startsWith("chunks/");
  const functions = code
    .filter((output) => !isChunk(output))
    .map(([path, { bytes }]): BundledFunction => {
      const start = loaded(outputs, path, ["import-statement"]);
      const all = loaded(outputs, path, ["import-statement", "dynamic-import"]);
      return {
        name: fileOf(path).replace(/\.mjs$/, ""),
        file: fileOf(path),
        bytes,
        startFiles: start.map(fileOf),
        startBytes: start.reduce((sum, each) => sum + (outputs[each]?.bytes ?? 0), 0),
        zippedBytes: all.reduce((sum, each) => sum + zippedSize(each), 0),
      };
    });
  const chunks = code.filter(isChunk).map(([path, output]): BundledChunk => {
    return { file: fileOf(path), bytes: output.bytes, contents: contentsOf(output) };
  });
  return {
    functions: functions.toSorted((a, b) => a.name.localeCompare(b.name)),
    chunks: chunks.toSorted((a, b) => b.bytes - a.bytes),
  };
}

function loaded(outputs: Outputs, entry: string, kinds: readonly string[]): string[] {
  const files = new Set([entry]);
  // The set grows while it is walked.
  for (const path of files) {
    const imports = (outputs[path]?.imports ?? []).filter(
      ({ kind, external }) => kinds.includes(kind) && !external,
    );
    for (const { path: next } of imports) files.add(next);
  }
  return [...files];
}

function zippedSize(path: string): number {
  return deflateRawSync(readFileSync(resolve(PROJECT, path))).length;
}

function contentsOf({ inputs }: Outputs[string]): string[] {
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const origin =
      /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split("/").slice(0, 2).join("/");
    bytes.set(origin, (bytes.get(origin) ?? 0) + bytesInOutput);
  }
  return [...bytes].toSorted(([, a], [, b]) => b - a).map(([origin]) => origin);
}
