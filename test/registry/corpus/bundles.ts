import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { FileMap } from "../../../lib/archive/index.ts";
import { PackageValidationError } from "../../../lib/errors/index.ts";
import { HttpClient, Trust } from "../../../lib/http/index.ts";
import {
  bundlesOf,
  identifyOperator,
  Manifests,
  type OperatorBundle,
  packBundle,
  requireBundles,
} from "../../../lib/operator/index.ts";
import { ImageRegistry } from "../../../lib/quay/index.ts";
import type { BundleImage, Repository } from "../../../lib/release/index.ts";
import { PRIVATE_CA } from "../../support/tls.ts";
import { type Account, basicHeader } from "../accounts.ts";
import type { DockerRegistry } from "../docker-registry.ts";

/** A bundle of our code, and its image. */
export interface PackedBundle {
  readonly bundle: OperatorBundle;
  readonly image: BundleImage;
}

/**
 * Makes the bundles of a package, as a push would: all that are in a channel.
 *
 * @returns why there are none, where the package breaks a rule
 */
export async function packedBundles(files: FileMap): Promise<readonly PackedBundle[] | string> {
  const manifests = new Manifests(files);
  try {
    const verdict = bundlesOf(manifests, identifyOperator(manifests), { versions: "all" });
    const packed: PackedBundle[] = [];
    for (const bundle of requireBundles(verdict))
      packed.push({ bundle, image: await packBundle(bundle, "oci") });
    return packed;
  } catch (error) {
    if (error instanceof PackageValidationError) return error.message;
    throw error;
  }
}

/** Publishes images with our own client. */
export interface Publisher {
  /** Gives their references, `<repository>:<tag>`. */
  push(repository: Repository, bundles: readonly PackedBundle[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function publisherTo({ url, tokens }: DockerRegistry, account: Account): Publisher {
  const trust = new Trust([readFileSync(PRIVATE_CA, "utf8")]);
  const http = new HttpClient({
    timeoutMs: 30_000,
    trust,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  });
  return {
    async push({ organization, repository }, bundles) {
      const registry = new ImageRegistry(http, {
        registry: url,
        quayUrl: (tokens ?? url).origin,
        authorization: basicHeader(account),
        repositoryName: (name) => name,
      });
      for (const { bundle, image } of bundles) {
        await registry.push({ organization, repository, version: bundle.version }, image);
      }
      return bundles.map(({ bundle }) => `${organization}/${repository}:v${bundle.version}`);
    },
    close: async () => http.close(),
  };
}
