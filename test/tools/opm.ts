import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";

const MODULE = "github.com/operator-framework/operator-registry";
const VERSION = "1.47.0";

/** As its own Makefile builds it, but without the C libraries of container storage and GPG. */
const TAGS = "json1 containers_image_openpgp exclude_graphdriver_btrfs exclude_graphdriver_devicemapper";

/** After so many built packages, of about 1,250, one line tells that it goes on. */
const PROGRESS_STEP = 100;

const run = promisify(execFile);

/**
 * Gives `opm`, the tool that makes catalogs of operators, and builds it first where it is not yet in the cache: some
 * 5 minutes on 2 cores, in which it lets others go first.
 *
 * @throws Error where Go or a C compiler is missing, or the module cannot be had
 */
export async function opmProgram(): Promise<string> {
  const cache = cacheFolder(process.env);
  const place = join(cache, `opm-${VERSION}`);
  if (existsSync(place)) return place;
  await requireGo();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  try {
    await build(folder);
    renameSync(join(folder, "opm"), place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return place;
}

async function requireGo(): Promise<void> {
  try {
    await run("go", ["version"]);
  } catch (cause) {
    throw new Error(`opm ${VERSION} is built with Go, and there is no 'go' in the PATH.`, { cause });
  }
}

/**
 * In a module of its own, as `go install` refuses modules that replace others; of a Go that leaves out what of the
 * dependencies' dependencies is not needed.
 */
async function build(folder: string): Promise<void> {
  process.stderr.write(`Building opm ${VERSION} with Go in ${folder}, which takes some minutes …\n`);
  writeFileSync(join(folder, "go.mod"), `module omps/opm\n\ngo 1.24\n\nrequire ${MODULE} v${VERSION}\n`);
  const command = ["go", "build", "-v", "-tags", TAGS, "-o", "opm", `${MODULE}/cmd/opm`];
  const go = spawn("nice", command, {
    cwd: folder,
    env: { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off", CGO_ENABLED: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(go, "close");
  const last: string[] = [];
  let built = 0;
  for await (const line of createInterface({ input: go.stderr })) {
    last.push(line);
    if (last.length > PROGRESS_STEP) last.shift();
    if (!/^[\w.]+(\/\S+)?$/.test(line)) continue;
    if (++built % PROGRESS_STEP === 0) process.stderr.write(`… ${built} packages\n`);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`opm ${VERSION} cannot be built; Go said:\n${last.slice(-20).join("\n")}`);
}
