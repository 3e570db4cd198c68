import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";

/** Most bytes of what apt prints. */
const MAX_OUTPUT = 16 * 1024 * 1024;

const run = promisify(execFile);

/**
 * Gives a folder with these packages as this Debian has them, and unpacks them first where they are not yet in the
 * cache. Nothing is installed in the system, and root is not needed.
 *
 * @param name of the tool, which the folder in the cache is called after
 * @param packages the tool's own, and those that it needs and a small Debian does not have
 * @throws Error with what apt said
 */
export async function debianPackages(name: string, packages: readonly string[]): Promise<string> {
  const cache = cacheFolder(process.env);
  const place = join(cache, `${name}-debian`);
  if (!existsSync(place)) await install(name, packages, place);
  return place;
}

/** Unpacks beside the place and moves it there when it is whole; who comes second takes what the first one made. */
async function install(name: string, packages: readonly string[], place: string): Promise<void> {
  process.stderr.write(`Downloading ${packages.join(", ")} from Debian to ${place} …\n`);
  mkdirSync(cacheFolder(process.env), { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  try {
    await unpack(packages, folder);
    renameSync(join(folder, "root"), place);
  } catch (cause) {
    if (existsSync(place)) return;
    throw new Error(`${name} needs apt-get and dpkg, and a Debian that has it.`, { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With lists of its own, as a fresh machine has none, and only root may fetch those of the system. */
async function unpack(packages: readonly string[], folder: string): Promise<void> {
  const paths = { lists: join(folder, "lists"), cache: join(folder, "cache"), debs: join(folder, "debs") };
  for (const path of Object.values(paths)) mkdirSync(path);
  const settings = [
    `Dir::State::lists=${paths.lists}`,
    `Dir::Cache=${paths.cache}`,
    "APT::Sandbox::User=root",
  ];
  const options = settings.flatMap((setting) => ["-o", setting]);
  const execution = { cwd: paths.debs, maxBuffer: MAX_OUTPUT };
  await run("apt-get", [...options, "-q", "update"], execution);
  await run("apt-get", [...options, "-q", "download", ...packages], execution);
  for (const deb of globSync(join(paths.debs, "*.deb"))) await run("dpkg", ["-x", deb, join(folder, "root")]);
}
