import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

/** Versions of PyPI packages by their names. */
export type PythonPackages = Readonly<Record<string, string>>;

/** What `npm run test:deploy` runs on: an emulator of AWS, and its server. */
export const MINISTACK: PythonPackages = { ministack: "1.5.33", hypercorn: "0.18.0" };

/** The linter of CloudFormation's templates. */
export const CFN_LINT: PythonPackages = { "cfn-lint": "1.58.0" };

const run = promisify(execFile);

/**
 * Gives the folder with the commands of these packages, and installs them first where they are not yet in the
 * cache: `OMPS_CACHE`, or `omps` in the user's cache folder. An installation is named only when it is whole, so a
 * broken one is never used; two that are made at once do not meet.
 *
 * @param packages need a Python 3.10 or later, with venv and pip
 * @throws Error with what pip said
 */
export async function pythonTools(packages: PythonPackages): Promise<string> {
  const cache = cacheFolder(process.env);
  const wanted = Object.entries(packages);
  const name = join(cache, wanted.map(([each, version]) => `${each}-${version}`).join("-"));
  const found = whole(name);
  if (found !== undefined) return join(found, "bin");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${name}-`);
  const requirements = wanted.map(([each, version]) => `${each}==${version}`);
  process.stderr.write(`Installing ${requirements.join(" and ")} in ${cache} …\n`);
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/pip"), [
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...requirements,
    ]);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return join(named(name, folder), "bin");
}

/** The folder that a name in the cache stands for; undefined where it stands for none. */
function whole(name: string): string | undefined {
  try {
    return realpathSync(name);
  } catch {
    return undefined;
  }
}

/** A venv knows its own path, so it gets its name by a link, and not by a move. */
function named(name: string, folder: string): string {
  const link = `${folder}.link`;
  symlinkSync(basename(folder), link);
  renameSync(link, name);
  return folder;
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return env["OMPS_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "omps");
}
