import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { skopeoFiles } from "../tools/skopeo.ts";
import type { Account } from "./accounts.ts";
import type { DockerRegistry } from "./docker-registry.ts";
import { makeToolHome } from "./tool-home.ts";

const run = promisify(execFile);

const inspectedSchema = z.object({
  Digest: z.string(),
  Labels: z.nullable(z.record(z.string(), z.string())),
});

/** What skopeo tells of an image. */
export interface InspectedImage {
  /** Of its manifest. */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Skopeo, a client of image registries that is none of ours. Its methods throw an Error with what it said. */
export interface Skopeo {
  /** Asks the registry whether the password is right, and keeps it then. */
  login(account: Pick<Account, "username" | "password">): Promise<void>;
  /** Copies a folder in the layout of the OCI to `<repository>:<tag>`. */
  push(layout: string, image: string): Promise<void>;
  /** Reads `<repository>:<tag>`. */
  inspect(image: string): Promise<InspectedImage>;
  /** Forgets the passwords. */
  end(): void;
}

/** Gives skopeo for this registry, logged in as the account, where one is given. */
export async function skopeoFor(registry: DockerRegistry, account?: Account): Promise<Skopeo> {
  const { program, libraries } = await skopeoFiles();
  const home = makeToolHome(registry, account);
  const env = { ...home.env, LD_LIBRARY_PATH: libraries };
  const verify = String(registry.url.protocol === "https:");
  const skopeo = async (...args: readonly string[]) =>
    (await run(program, ["--insecure-policy", ...args], { env, cwd: home.folder })).stdout;
  const reference = (image: string) => `docker://${registry.host}/${image}`;
  return {
    login: async ({ username, password }) => {
      await skopeo("login", `--tls-verify=${verify}`, "-u", username, "-p", password, registry.host);
    },
    push: async (layout, image) => {
      await skopeo("copy", "--quiet", `--dest-tls-verify=${verify}`, `oci:${layout}`, reference(image));
    },
    inspect: async (image) => {
      const printed = await skopeo("inspect", "--no-tags", `--tls-verify=${verify}`, reference(image));
      const { Digest: digest, Labels: labels } = inspectedSchema.parse(JSON.parse(printed));
      return { digest, labels: labels ?? {} };
    },
    end: home.remove,
  };
}
