import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./cache.ts";

/** RabbitMQ, and what of Erlang it needs. */
const PACKAGES = [
  "rabbitmq-server",
  ...["asn1", "base", "crypto", "eldap", "inets", "mnesia", "os-mon", "parsetools", "public-key"].map(erlang),
  ...["runtime-tools", "ssl", "syntax-tools", "tools", "xmerl"].map(erlang),
];

/** Most bytes of what apt prints. */
const MAX_OUTPUT = 16 * 1024 * 1024;

const run = promisify(execFile);

/** Where the parts of RabbitMQ are. */
export interface RabbitMqFiles {
  /** The script that starts a broker; it looks for `erl` in the PATH. */
  readonly server: string;
  /** Erlang's own folder. */
  readonly erlang: string;
  /** The folder of Erlang's programs. */
  readonly programs: string;
}

/**
 * Gives RabbitMQ as this Debian has it, and unpacks its packages first where they are not yet in the cache. Nothing is
 * installed in the system, and root is not needed.
 *
 * @throws Error with what apt said
 */
export async function rabbitMqFiles(): Promise<RabbitMqFiles> {
  const cache = cacheFolder(process.env);
  const place = join(cache, "rabbitmq-server-debian");
  if (!existsSync(place)) await install(cache, place);
  const erlang = join(place, "usr/lib/erlang");
  return {
    server: found(place, "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"),
    erlang,
    programs: found(erlang, "erts-*/bin"),
  };
}

/** Unpacks beside the place and moves it there when it is whole; who comes second takes what the first one made. */
async function install(cache: string, place: string): Promise<void> {
  process.stderr.write(`Downloading ${PACKAGES.join(", ")} from Debian to ${cache} …\n`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${place}-`);
  try {
    await unpack(folder);
    renameSync(join(folder, "root"), place);
  } catch (cause) {
    if (existsSync(place)) return;
    throw new Error("RabbitMQ needs apt-get and dpkg, and a Debian that has it.", { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With lists of its own, as a fresh machine has none, and only root may fetch those of the system. */
async function unpack(folder: string): Promise<void> {
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
  await run("apt-get", [...options, "-q", "download", ...PACKAGES], execution);
  for (const deb of globSync(join(paths.debs, "*.deb"))) await run("dpkg", ["-x", deb, join(folder, "root")]);
}

function found(folder: string, pattern: string): string {
  const [path] = globSync(pattern, { cwd: folder });
  if (path === undefined) throw new Error(`There is no ${pattern} in ${folder}`);
  return join(folder, path);
}

function erlang(part: string): string {
  return `erlang-${part}`;
}
