import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRIVATE_CA } from "../support/tls.ts";
import { type Account, basicCredentials } from "./accounts.ts";
import type { DockerRegistry } from "./docker-registry.ts";

/** A home folder of its own for tools that speak with a registry, so that they know nothing of the user's. */
export interface ToolHome {
  readonly folder: string;
  /** All variables that they get. */
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** Makes a home, in which the account, if any, is logged in to the registry, and the private CA is trusted. */
export function makeToolHome({ host }: Pick<DockerRegistry, "host">, account?: Account): ToolHome {
  const folder = mkdtempSync(join(tmpdir(), "omps-tools-"));
  const credentials = join(folder, "config.json");
  const auths = account ? { [host]: { auth: basicCredentials(account) } } : {};
  writeFileSync(credentials, JSON.stringify({ auths }));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    TMPDIR: folder,
    XDG_RUNTIME_DIR: folder,
    DOCKER_CONFIG: folder,
    REGISTRY_AUTH_FILE: credentials,
    SSL_CERT_FILE: PRIVATE_CA,
  };
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
