import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleFunctions } from "../infra/build/bundle.ts";
import { loadRows } from "./bench/loads.ts";
import type { Row } from "./bench/process.ts";
import { requestRows } from "./bench/requests.ts";
import { stagingRows } from "./bench/staging.ts";
import { type VerdictOptions, verdictRows } from "./bench/verdicts.ts";

const HELP = `Usage: npm run bench [-- --courier] [--package DIR]… [--json]

Measures, in processes of their own: CPU per request through the bundled handlers, CPU and memory of judging
packages, and the CPU of loading each function; and prints them beside their budgets. "plain" is the same work by
plain calls of libraries, in the same run.

  --courier       measures operator-courier 2.1.11 on the same packages too (needs Python 3 and PyPI)
  --package DIR   one more package to judge; may be given several times
  --json          the rows as JSON
  --help          this text

Exit status: 0 when every row is within its budget, 1 when one is not
`;

async function rows(folder: string, options: VerdictOptions): Promise<Row[]> {
  const bundle = await bundleFunctions({ outdir: folder });
  return [
    ...(await requestRows(folder)),
    ...(await stagingRows(folder)),
    ...(await verdictRows(folder, options)),
    ...(await loadRows(folder, bundle)),
  ];
}

function isWithin({ ours, budget, courier, timesCourier }: Row): boolean {
  if (budget !== undefined && ours > budget) return false;
  return courier === undefined || timesCourier === undefined || courier / ours >= timesCourier;
}

function table(all: readonly Row[]): string {
  const figure = (value: number | undefined) =>
    value === undefined ? "" : value.toFixed(value < 10 ? 2 : 0);
  const ratio = (value: number | undefined, by: number) =>
    value === undefined ? "" : (value / by).toFixed(value / by < 10 ? 2 : 0);
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(46) : cell.padStart(10))).join("");
  return [
    line(["what", "original", "budget", "ours", "plain", "ours/plain", "courier", "x faster", ""]),
    ...all.map((row) => {
      const figures = [row.original, row.budget, row.ours, row.plain].map(figure);
      const perPlain = row.plain === undefined ? "" : ratio(row.ours, row.plain);
      const judged = isWithin(row) ? "within" : "OVER";
      const courier = [figure(row.courier), ratio(row.courier, row.ours)];
      return line([`${row.what} (${row.unit})`, ...figures, perPlain, ...courier, judged]);
    }),
  ].join("\n");
}

const flag = { type: "boolean", default: false } as const;
const { values } = parseArgs({
  options: {
    courier: flag,
    json: flag,
    help: flag,
    package: { type: "string", multiple: true, default: [] },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const folder = mkdtempSync(join(tmpdir(), "omps-bench-"));
  const options = { courier: values.courier, more: values.package };
  const measured = await rows(folder, options).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  process.stdout.write(`${values.json ? JSON.stringify(measured) : table(measured)}\n`);
  process.exitCode = measured.every(isWithin) ? 0 : 1;
}
