import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../tools/cache.ts";

const run = promisify(execFile);

/** The runtime interface client of Lambda's Node.js runtimes, and its version. */
const PACKAGE = "aws-lambda-ric";
const VERSION = "4.0.2";

/** Its native part, which is compiled while it is installed. */
const ADDON = `node_modules/${PACKAGE}/rapid-client.node`;

/** Most characters of npm's words that are told when it fails. */
const MAX_WORDS = 2000;

/**
 * Gives the path of the runtime interface client's script. It is installed on first use, into a folder that all
 * checkouts share (`OMPS_CACHE`, else `omps` in the user's cache); compiling it takes a minute or two.
 *
 * @throws Error with npm's words where it cannot be installed: it needs Linux, cmake and a C++ compiler
 */
export async function interfaceClient(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cache = cacheFolder(env);
  const installed = join(cache, `${PACKAGE}-${VERSION}-node${process.versions.modules}`);
  if (!existsSync(join(installed, ADDON))) await install(cache, installed, env);
  return join(installed, `node_modules/${PACKAGE}/index.mjs`);
}

/** Installs beside the place and moves it there when it is whole; who comes second takes what the first one made. */
async function install(cache: string, place: string, env: NodeJS.ProcessEnv): Promise<void> {
  process.stderr.write(`installing ${PACKAGE} ${VERSION}, once: compiling it takes a minute or two\n`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "installing-"));
  try {
    await compile(folder, env);
    if (!existsSync(join(folder, ADDON))) throw new Error("npm has not built its native part");
    renameSync(folder, place);
  } catch (error) {
    if (existsSync(join(place, ADDON))) return;
    throw new Error(`${PACKAGE} ${VERSION} cannot be installed: ${wordsOf(error)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compile(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  // npm runs the scripts of no package that is not named here.
  const manifest = {
    private: true,
    dependencies: { [PACKAGE]: VERSION },
    allowScripts: { [PACKAGE]: true },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const path = [dirname(process.execPath), env["PATH"] ?? ""].join(delimiter);
  const options = ["--ignore-scripts=false", "--omit=dev", "--no-package-lock", "--no-audit", "--no-fund"];
  await run("npm", ["install", "--prefix", folder, ...options], {
    cwd: folder,
    env: { ...env, PATH: path },
    maxBuffer: 2 ** 26,
  });
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return (said || error.message).slice(-MAX_WORDS);
}
