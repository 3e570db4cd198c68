import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { build } from "esbuild";
import { bundleFunctions } from "../infra/build/bundle.ts";
import { EXAMPLE_QUAY } from "../infra/local/example.ts";
import { type QuayFault, startQuayFake } from "../test/fakes/quay.ts";
import { writeInputs } from "./bench/inputs.ts";

const HELP = `Usage: npm run bench [-- --json]

Measures CPU per request through the bundled handlers, peak memory, and the CPU of loading each function, and
prints them beside their budgets. "plain" is the same work by plain calls of libraries in the same run.

  --json   the rows as JSON
  --help   this text

Exit status: 0 when every row is within its budget, 1 when one is not
`;

/** How often a module is loaded; the median counts. */
const LOADS = 15;

interface Row {
  readonly what: string;
  readonly unit: "ms" | "MiB";
  readonly original?: number;
  readonly budget: number;
  readonly ours: number;
  readonly plain?: number;
}

const run = promisify(execFile);

/** Bundled, so that the process that is measured holds no TypeScript compiler. */
async function bundleScenario(folder: string): Promise<void> {
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [fileURLToPath(new URL("bench/scenario.ts", import.meta.url))],
    outfile: join(folder, "scenario.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    banner: { js: banner },
    logLevel: "silent",
  });
}

/** Prints the CPU milliseconds that loading a module takes. */
const LOAD = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
  process.exit(0);
`;

async function measure(
  folder: string,
  quayUrl: string,
  scenario: string,
): Promise<{ cpu: number; peak: number }> {
  process.stderr.write(`measuring ${scenario}\n`);
  const env = { ...process.env, OMPS_CONFIG: join(folder, "config.json"), QUAY_URL: quayUrl };
  const { stdout } = await run(process.execPath, [join(folder, "scenario.mjs"), scenario, folder], { env });
  const last = stdout.slice(stdout.lastIndexOf("{"));
  const { cpu, peak }: Record<string, number> = JSON.parse(last);
  return { cpu: cpu ?? Number.NaN, peak: peak ?? Number.NaN };
}

async function loadTime(module?: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < LOADS; index++) {
    const { stdout } = await run(process.execPath, [
      "--input-type=module",
      "-e",
      LOAD,
      module ?? "data:text/javascript,",
    ]);
    times.push(Number(stdout));
  }
  return times.toSorted((a, b) => a - b)[(LOADS - 1) / 2] ?? Number.NaN;
}

async function rows(folder: string): Promise<Row[]> {
  const { functions } = await bundleFunctions({ outdir: folder });
  await writeInputs(folder);
  await bundleScenario(folder);
  const limits = { max_content_length: 4_400_000, zipfile_max_uncompressed_size: 100_000_000 };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ log_level: "ERROR", ...limits }));
  const quay = await startQuayFake({ seed: EXAMPLE_QUAY, recording: false, maxBodyBytes: 20_000_000 });
  const at = (scenario: string, faults: QuayFault[] = []) => {
    quay.reset();
    quay.faults = faults;
    return measure(folder, quay.url, scenario);
  };

  const [small, smallPlain] = [await at("small"), await at("small-plain")];
  const [big, bigPlain] = [await at("big"), await at("big-plain")];
  const alwaysThere: QuayFault = { op: "delete", do: { status: 200, json: { status: "deleted" } } };
  const removal = await at("delete", [alwaysThere]);
  await quay.close();

  process.stderr.write(`loading each function ${LOADS} times\n`);
  const bare = await loadTime();
  const loads: Row[] = [];
  for (const { name, file } of functions) {
    const ours = (await loadTime(join(folder, file))) - bare;
    loads.push({ what: `load ${name}, bare Node subtracted`, unit: "ms", budget: 25, ours });
  }
  return [
    {
      what: "small flat push, CPU",
      unit: "ms",
      original: 374,
      budget: 20,
      ours: small.cpu,
      plain: smallPlain.cpu,
    },
    {
      what: "big nested push, CPU",
      unit: "ms",
      original: 1126,
      budget: 450,
      ours: big.cpu,
      plain: bigPlain.cpu,
    },
    {
      what: "big nested push, peak memory",
      unit: "MiB",
      budget: 256,
      ours: big.peak / 2 ** 20,
      plain: bigPlain.peak / 2 ** 20,
    },
    { what: "delete one release, CPU", unit: "ms", original: 2.5, budget: 1.5, ours: removal.cpu },
    ...loads,
  ];
}

function table(all: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(42) : cell.padStart(11))).join("");
  const figure = (value: number | undefined) =>
    value === undefined ? "" : value.toFixed(value < 10 ? 2 : 0);
  return [
    line(["what", "original", "budget", "ours", "plain", "ours/plain", ""]),
    ...all.map((row) =>
      line([
        `${row.what} (${row.unit})`,
        figure(row.original),
        figure(row.budget),
        figure(row.ours),
        figure(row.plain),
        row.plain === undefined ? "" : (row.ours / row.plain).toFixed(2),
        row.ours <= row.budget ? "within" : "OVER",
      ]),
    ),
  ].join("\n");
}

const flag = { type: "boolean", default: false } as const;
const { values } = parseArgs({ options: { json: flag, help: flag } });
if (values.help) {
  process.stdout.write(HELP);
} else {
  const folder = mkdtempSync(join(tmpdir(), "omps-bench-"));
  const measured = await rows(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
  process.stdout.write(`${values.json ? JSON.stringify(measured) : table(measured)}\n`);
  process.exitCode = measured.every(({ ours, budget }) => ours <= budget) ? 0 : 1;
}
