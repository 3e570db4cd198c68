import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";

/** Versions of PyPI packages by their names. */
export type PythonPackages = Readonly<Record<string, string>>;

/** What `npm run test:deploy` runs on: an emulator of AWS, and its server. */
export const MINISTACK: PythonPackages = { ministack: "1.5.33", hypercorn: "0.18.0" };

/** The linter of CloudFormation's templates. */
export const CFN_LINT: PythonPackages = { "cfn-lint": "1.58.0" };

/** What holds the running service against the OpenAPI document that it gives. */
export const SCHEMATHESIS: PythonPackages = { schemathesis: "4.32.5" };

const run = promisify(execFile);

/**
 * Gives the folder with the commands of these packages, and installs them first where they are not yet in the
 * cache: `OMPS_CACHE`, or `omps` in the user's cache folder. An installation is named only when it is whole, so a
 * broken one is never used.
 *
 * @param packages need a Python 3.10 or later, with venv and pip
 * @throws Error with what pip said
 */
export async function pythonTools(packages: PythonPackages): Promise<string> {
  const cache = cacheFolder(process.env);
  const wanted = Object.entries(packages);
  const requirements = wanted.map(([each, version]) => `${each}==${version}`);
  const name = join(cache, wanted.map(([each, version]) => `${each}-${version}`).join("-"));
  const found = whole(name);
  if (found !== undefined) return join(found, "bin");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${name}-`);
  process.stderr.write(`Installing ${requirements.join(" and ")} in ${cache} …\n`);
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/pip"), [
      "install",
      "--quiet",
      "--disable-pip-version-check",
      ...requirements,
    ]);
    give(name, folder);
  } catch (cause) {
    rmSync(folder, { recursive: true });
    throw new Error(
      `Python 3.10 or later, with venv and pip, cannot install ${requirements.join(" and ")}.`,
      {
        cause,
      },
    );
  }
  return join(folder, "bin");
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
function give(name: string, folder: string): void {
  const link = `${folder}.link`;
  symlinkSync(basename(folder), link);
  renameSync(link, name);
}
