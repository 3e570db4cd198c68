import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../fakes/loopback.ts";
import { type Leashed, startOnLeash } from "../support/leash.ts";
import { PRIVATE_CA, SERVER } from "../support/tls.ts";
import { dockerRegistryProgram } from "../tools/docker-registry.ts";
import { htpasswd } from "./accounts.ts";
import { type AuthServer, ISSUER, SERVICE, startAuthServer } from "./auth-server.ts";

/** How often it is looked whether the registry has started, which takes less than a second. */
const TRIES = 600;

/** Milliseconds between those. */
const PAUSE_MS = 50;

/** How a registry is started. */
export interface RegistryOptions {
  /** Whom it believes: everyone, a file of users, or the tokens of a token server. */
  readonly auth: "none" | "basic" | "token";
  /** Whether with the certificate of test/support/tls.ts. */
  readonly tls?: boolean;
  /** Whether manifests and blobs may be deleted. */
  readonly deletion?: boolean;
}

/** The registry of the Distribution project in a process of its own, on the loopback, with a storage of its own. */
export interface DockerRegistry {
  readonly url: URL;
  /** Host and port, as a reference to an image starts. */
  readonly host: string;
  /** The token server, where there is one. */
  readonly tokens: URL | undefined;
  /** What it has logged. */
  log(): string;
  /** Ends it; nothing is kept. */
  stop(): Promise<void>;
}

/**
 * Starts an empty registry on a free port.
 *
 * @throws Error with its log, where it does not start
 */
export async function startDockerRegistry(options: RegistryOptions): Promise<DockerRegistry> {
  const program = await dockerRegistryProgram();
  const tls = options.tls ?? false;
  const auth = options.auth === "token" ? await startAuthServer({ tls }) : undefined;
  const host = `127.0.0.1:${await freePort()}`;
  const folder = mkdtempSync(join(tmpdir(), "omps-registry-"));
  writeFileSync(join(folder, "htpasswd"), htpasswd());
  // Every JSON is a YAML.
  writeFileSync(join(folder, "config.yml"), JSON.stringify(configuration(options, host, folder, auth)));
  const registry = startOnLeash([program, "serve", "config.yml"], { cwd: folder, env: { HOME: folder } });
  const stop = async () => {
    await registry.end();
    await auth?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(registry);
  } catch (cause) {
    await stop();
    throw new Error(`docker-registry does not start:\n${registry.output()}`, { cause });
  }
  const url = new URL(`${tls ? "https" : "http"}://${host}/`);
  return { url, host, tokens: auth?.url, log: () => registry.output(), stop };
}

/** In the words of its documentation, "Configuring a registry". */
function configuration(options: RegistryOptions, addr: string, folder: string, auth?: AuthServer): object {
  const certificate = { certificate: SERVER.cert, key: SERVER.key };
  return {
    version: "0.1",
    log: { level: "info", formatter: "json" },
    storage: {
      filesystem: { rootdirectory: join(folder, "storage") },
      delete: { enabled: options.deletion ?? false },
    },
    http: { addr, secret: "of this process only", ...(options.tls ? { tls: certificate } : {}) },
    ...(options.auth === "basic"
      ? { auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } } }
      : {}),
    ...(auth ? { auth: { token: tokenAuth(auth) } } : {}),
  };
}

function tokenAuth({ url }: AuthServer): object {
  return { realm: url.href, service: SERVICE, issuer: ISSUER, rootcertbundle: PRIVATE_CA };
}

async function ready(registry: Leashed): Promise<void> {
  for (let left = TRIES; left > 0; left--) {
    if (/listening on/.test(registry.output())) return;
    if (registry.hasEnded()) throw new Error("It has ended.");
    await sleep(PAUSE_MS);
  }
  throw new Error(`It did not listen in ${TRIES} tries.`);
}
