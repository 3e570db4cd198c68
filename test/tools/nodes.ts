import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";

/** Versions of Node beside the one of the functions: the oldest that OMPS runs with, and the one in between. */
const VERSIONS = ["20.20.2", "22.23.3"];

const run = promisify(execFile);

/**
 * Gives the programs of other versions of Node; the first call installs them into the cache.
 *
 * @throws Error with what npm said
 */
export async function otherNodes(): Promise<string[]> {
  const programs: string[] = [];
  for (const version of VERSIONS) programs.push(await nodeProgram(version));
  return programs;
}

/** Installs beside the place and moves it there when it is whole; who comes second takes what the first one made. */
async function nodeProgram(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const cache = cacheFolder(process.env);
  const place = join(cache, `${name}-${version}`);
  const program = join(place, "node_modules", name, "bin/node");
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  const options = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"];
  try {
    await run("npm", ["install", "--prefix", folder, ...options, `${name}@${version}`], { cwd: folder });
    renameSync(folder, place);
  } catch (cause) {
    if (!existsSync(program)) throw new Error(`Node ${version} cannot be installed.`, { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return program;
}
