import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bundle } from "../../infra/build/bundle.ts";
import type { Row } from "./process.ts";

const run = promisify(execFile);

/** What loading may take, in milliseconds. The aim is 25, which the pushes' functions just miss on a slow machine. */
const MAX_LOAD_MS = 30;

/** How often a module is loaded; the median counts. */
const LOADS = 15;

/** Prints the CPU milliseconds that loading a module takes. */
const LOAD = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
  process.exit(0);
`;

/** What loading each bundled function costs a cold start, beyond what Node itself costs. */
export async function loadRows(folder: string, { functions }: Bundle): Promise<Row[]> {
  process.stderr.write(`loading each function ${LOADS} times\n`);
  const bare = await loadTime("data:text/javascript,");
  const rows: Row[] = [];
  for (const { name, file } of functions) {
    const ours = (await loadTime(join(folder, file))) - bare;
    rows.push({ what: `load ${name} (bare Node subtracted)`, unit: "ms", budget: MAX_LOAD_MS, ours });
  }
  return rows;
}

async function loadTime(module: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < LOADS; index++) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", LOAD, module]);
    times.push(Number(stdout));
  }
  return times.toSorted((a, b) => a - b)[(LOADS - 1) / 2] ?? Number.NaN;
}
