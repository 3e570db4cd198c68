import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Answer, answerOf, refusal } from "./verify/answer.ts";
import { judge, type Package } from "./verify/judgement.ts";
import { unreadableReport } from "./verify/report.ts";
import { type Judged, TARGETS, type Target } from "./verify/target.ts";

const HELP = `Usage: npm run verify -- <dir or zip> [repository] [--json]
       npm run verify -- <dir or zip> <dir or zip> … [--json]
       npm run verify -- --target bundle <dir or zip> … [--json]
       npm run verify -- --batch

Judges packages of operator manifests by the rules of operator-courier 2.1.11, as a push would. A package is
judged against the repository that is named, or against its own packageName. (Of two arguments the second is the
repository; a directory in its place is written with a slash, ./like-this.)

With --target bundle it judges packages and bundles as a push to an image registry would, and tells which images
would be pushed, for an organization that configures neither versions, channels nor labels.

On a terminal it prints a report; elsewhere, or with --json, one line of JSON for each package with the keys
  nested, valid, error, errors, warnings, bundle, pushedFiles
or, with --target bundle,
  valid, errors, warnings, images: [{package, version, channels, default_channel, digest, size, files}]

Options:
  --target <appregistry or bundle>
           what the package would be pushed to (appregistry)
  --json   one line of JSON for each package, also on a terminal
  --batch  read one JSON request a line, {"id": …, "dir": …, "repository": …}, and answer each with a line
           that has the same "id"; for appregistry only
  --help   this text

Examples:
  npm run --silent verify -- examples/nested
  npm run --silent verify -- --target bundle examples/bundle examples/flat

Exit status: 0 all are valid, 1 one is not, 2 wrong usage or one that cannot be read
`;

/** @throws Error for a request that is none. */
function packageOf(request: unknown, line: string): Package {
  if (typeof request === "object" && request !== null && "dir" in request && "repository" in request) {
    const { dir, repository } = request;
    if (typeof dir === "string" && typeof repository === "string") return { path: dir, repository };
  }
  throw new Error(`Expected {"dir": "<path>", "repository": "<name>"}, got ${line}`);
}

async function answerTo(line: string): Promise<Answer & { readonly id?: unknown }> {
  let id = {};
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request === "object" && request !== null && "id" in request) id = { id: request.id };
    return { ...id, ...answerOf(await judge(packageOf(request, line))) };
  } catch (problem) {
    return { ...id, ...refusal(problem) };
  }
}

async function batch(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    process.stdout.write(`${JSON.stringify(await answerTo(line))}\n`);
  }
}

/** Judges each package, and gives the exit status. */
async function each(target: Target, packages: readonly Package[], json: boolean): Promise<number> {
  let valid = 0;
  let unreadable = 0;
  for (const [index, asked] of packages.entries()) {
    if (packages.length > 1 && process.stderr.isTTY) {
      process.stderr.write(`[${index + 1}/${packages.length}] ${asked.path}\n`);
    }
    let judged: Judged;
    try {
      judged = await target.judge(asked);
    } catch (problem) {
      unreadable++;
      process.stdout.write(
        json ? `${JSON.stringify(target.refusal(problem))}\n` : unreadableReport(asked.path, problem),
      );
      continue;
    }
    if (judged.valid) valid++;
    process.stdout.write(json ? `${JSON.stringify(judged.answer)}\n` : judged.report);
  }
  if (!json && packages.length > 1) {
    const rest = unreadable === 0 ? "" : `, ${unreadable} cannot be read`;
    process.stdout.write(`\n${valid} of ${packages.length} packages are valid${rest}\n`);
  }
  if (unreadable > 0) return 2;
  return valid === packages.length ? 0 : 1;
}

/** The second of two arguments is the repository, unless it can only be a package too. Bundles go to any repository. */
function packagesOf(given: readonly string[], target: string): Package[] {
  const [path, second] = given;
  if (path === undefined) throw new Error("Expected a directory or a zip");
  if (target !== "bundle" && given.length === 2 && second !== undefined && !isPackagePath(second)) {
    return [{ path, repository: second }];
  }
  return given.map((each) => ({ path: each }));
}

function isPackagePath(text: string): boolean {
  return /\/|\.zip$/i.test(text) && existsSync(text);
}

async function main(): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      target: { type: "string", default: "appregistry" },
      batch: flag,
      json: flag,
      help: { ...flag, short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const target = TARGETS.get(values.target);
  if (!target) {
    throw new Error(`Expected the target ${[...TARGETS.keys()].join(" or ")}, got ${values.target}`);
  }
  if (!values.batch) {
    return each(target, packagesOf(positionals, values.target), values.json || !process.stdout.isTTY);
  }
  if (values.target !== "appregistry") throw new Error("Expected --batch without --target bundle");
  await batch();
  return 0;
}

try {
  process.exitCode = await main();
} catch (problem) {
  process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n\n${HELP}`);
  process.exitCode = 2;
}
