import { basename } from "node:path";
import { Courier } from "./courier.ts";
import { type JudgedPackage, writePackages } from "./packages.ts";
import { bundleScript, measure, type Row } from "./process.ts";
import { mib } from "./requests.ts";

export interface VerdictOptions {
  /** Measures operator-courier too. */
  readonly courier: boolean;
  /** Directories of more packages. */
  readonly more: readonly string[];
}

/** Memory that judging the largest package may take, in MiB. */
const MAX_MIB = 300;

/** Judging and building packages, as `npm run verify` does: with reading the files. */
export async function verdictRows(folder: string, { courier, more }: VerdictOptions): Promise<Row[]> {
  const script = await bundleScript("judge", folder);
  const packages = [...writePackages(folder), ...more.map((dir) => ({ what: basename(dir), dir }))];
  const python = courier ? await Courier.install(folder) : undefined;
  const rows: Row[] = [];
  for (const one of packages) rows.push(...(await rowsOf(one, script, python)));
  return rows;
}

async function rowsOf(one: JudgedPackage, script: string, python: Courier | undefined): Promise<Row[]> {
  const { what, dir, budget, original, timesCourier } = one;
  const ours = await measure(script, [dir]);
  const plain = await measure(script, [dir, "plain"]);
  // Many runs in one process would measure how long the garbage collector waits.
  const once = await measure(script, [dir, "once"]);
  const courier = await python?.judge(dir, ours.cpu > 5 ? 1 : 3);
  return [
    {
      what: `verify and build ${what}`,
      unit: "ms",
      ours: ours.cpu,
      plain: plain.cpu,
      ...(budget !== undefined && { budget }),
      ...(original !== undefined && { original }),
      ...(courier !== undefined && { courier }),
      ...(timesCourier !== undefined && { timesCourier }),
    },
    {
      what: `verify and build ${what}, peak`,
      unit: "MiB",
      budget: MAX_MIB,
      ours: mib(once),
    },
  ];
}
