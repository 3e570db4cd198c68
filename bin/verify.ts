/**
 * Judges a directory of operator manifests and shows what would be pushed, as one line of JSON.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { buildRelease, type FileMap, Manifests, verify } from "../lib/operator/index.ts";

const HELP = `Usage: node bin/verify.ts <dir> <repository>
       node bin/verify.ts --batch

Judges the operator manifests in a directory by the rules of operator-courier 2.1.11, as if they were to be
pushed to the repository, and prints one line of JSON with the keys
  nested, valid, error, errors, warnings, bundle, pushedFiles

Options:
  --batch  read one JSON request a line, {"id": ..., "dir": ..., "repository": ...}, and answer each with a line
  --help   show this text

Exit status: 0 valid, 1 not valid, 2 wrong usage or a directory that cannot be read.
`;

interface Answer {
  readonly nested: boolean | null;
  readonly valid: boolean;
  readonly error: { readonly class: string; readonly message: string } | null;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The text of bundle.yaml, for a valid flat package. */
  readonly bundle: string | null;
  readonly pushedFiles: readonly string[] | null;
}

interface Request {
  readonly dir: string;
  readonly repository: string;
}

function readDirectory(dir: string): FileMap {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    const path = join(dir, name);
    if (statSync(path).isFile()) files.set(relative(dir, path).split(sep).join("/"), readFileSync(path));
  }
  return files;
}

function judge({ dir, repository }: Request): Answer {
  const manifests = new Manifests(readDirectory(dir));
  const verdict = verify(manifests, repository);
  const { nested, valid, errors, warnings } = verdict;
  const error = verdict.error && { class: verdict.error.class, message: verdict.error.message };
  if (!valid) return { nested, valid, error, errors, warnings, bundle: null, pushedFiles: null };
  const release = buildRelease(manifests, verdict);
  const text = nested ? undefined : release.get("bundle.yaml");
  const bundle = text === undefined ? null : Buffer.from(text).toString();
  return { nested, valid, error, errors, warnings, bundle, pushedFiles: [...release.keys()] };
}

function refusal(problem: unknown): Answer {
  const message = problem instanceof Error ? problem.message : String(problem);
  const error = { class: "BadRequest", message };
  return { nested: null, valid: false, error, errors: [], warnings: [], bundle: null, pushedFiles: null };
}

/** @throws Error for a line that is no request. */
function parseRequest(line: string): Request {
  const request: unknown = JSON.parse(line);
  if (typeof request === "object" && request !== null && "dir" in request && "repository" in request) {
    const { dir, repository } = request;
    if (typeof dir === "string" && typeof repository === "string") return { dir, repository };
  }
  throw new Error(`Expected {"dir": "<path>", "repository": "<name>"}, got ${line}`);
}

function answerLine(line: string): Answer {
  try {
    return judge(parseRequest(line));
  } catch (problem) {
    return refusal(problem);
  }
}

async function batch(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answerLine(line))}\n`);
  }
}

/** The exit status. */
function single([dir, repository, ...more]: readonly string[]): number {
  if (dir === undefined || repository === undefined || more.length > 0) {
    throw new Error("Expected two arguments: the directory and the repository");
  }
  const answer = judge({ dir, repository });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  return answer.valid ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { batch: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!values.batch) return single(positionals);
  await batch();
  return 0;
}

try {
  process.exitCode = await main();
} catch (problem) {
  process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n\n${HELP}`);
  process.exitCode = 2;
}
