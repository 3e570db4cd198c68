import { listenOnLoopback } from "./loopback.ts";
import type { QuayFault } from "./quay/faults.ts";
import type { Visibility } from "./quay/seed.ts";
import { type QuayRequest, QuayServer, type QuaySettings } from "./quay/server.ts";
import { QUAY_IMAGES } from "./registry/settings.ts";

export {
  badGateway,
  gatewayTimeout,
  serverError,
} from "./quay/answer.ts";
export { answering, type QuayFault, type QuayFaultAction } from "./quay/faults.ts";
export type { QuayOp } from "./quay/routes.ts";
export {
  type OAuthScope,
  type OrganizationSeed,
  type QuaySeed,
  type ReleaseSeed,
  type RepositorySeed,
  replaySeed,
  type Visibility,
} from "./quay/seed.ts";
export type { QuayDirector, QuayRequest } from "./quay/server.ts";
export { DOCKER_IMAGES, type ImageSettings, QUAY_IMAGES } from "./registry/settings.ts";

/** nginx's limit for a request body when Quay's configuration names none: 1 MiB. */
export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/** How many packages an authenticated listing shows at most: Quay's APP_REGISTRY_RESULTS_LIMIT. */
export const DEFAULT_RESULTS_LIMIT = 100;

export interface QuayFakeOptions extends Partial<QuaySettings> {
  /** A free one unless told. */
  readonly port?: number;
}

/** A release as Quay stores it. */
export interface QuayRow {
  readonly release: string;
  /** SHA-256 of its tar, in hex. */
  readonly digest: string;
}

export interface QuayPackage {
  readonly visibility: Visibility;
  /** Highest version first; empty when a push failed after it had made the repository. */
  readonly releases: readonly string[];
}

/** An image repository, with the digests of its tags. */
export interface QuayImages {
  readonly visibility: Visibility;
  readonly tags: Readonly<Record<string, string>>;
}

/** Quay's application registry and its registry of images, as Quay 3.6 behaves, behind a port of the loopback. */
export interface QuayFake {
  readonly url: string;
  readonly port: number;
  /** In the order of their arrival. */
  readonly requests: readonly QuayRequest[];
  /** Setting it starts all counts anew. */
  faults: QuayFault[];
  /** While true, two simultaneous pushes of one release both succeed and leave it there twice. */
  racy: boolean;
  /** Application repositories by `organization/repository`, those without a release too. */
  packages(): Record<string, QuayPackage>;
  /** Image repositories by `organization/repository`, those without a tag too. */
  images(): Record<string, QuayImages>;
  /** All that is stored of a package: a release that was pushed twice at once is there twice. */
  rows(packageName: string): readonly QuayRow[];
  /** The tar.gz that a pull would give. */
  tarball(packageName: string, release: string): Buffer | undefined;
  openSockets(): number;
  /** Back to the first seed or on to another one; forgets requests, faults and failed logins. */
  reset(seed?: QuaySettings["seed"]): void;
  /** Drops all connections, hanging ones too. */
  close(): Promise<void>;
}

function packagesOf({ registry }: QuayServer): Record<string, QuayPackage> {
  const entries = registry.ofKind("application").map((repository): [string, QuayPackage] => {
    const { fullName, visibility } = repository;
    return [fullName, { visibility, releases: repository.releaseNames() }];
  });
  return Object.fromEntries(entries);
}

function imagesOf({ registry }: QuayServer): Record<string, QuayImages> {
  const entries = registry.ofKind("image").map((repository): [string, QuayImages] => {
    const { fullName, visibility, images } = repository;
    return [fullName, { visibility, tags: Object.fromEntries(images.tags) }];
  });
  return Object.fromEntries(entries);
}

function tarballOf({ registry }: QuayServer, packageName: string, release: string): Buffer | undefined {
  const repository = registry.ofKind("application").find(({ fullName }) => fullName === packageName);
  return repository?.find(release, "helm")?.manifest.blob.bytes;
}

function rowsOf({ registry }: QuayServer, packageName: string): QuayRow[] {
  const repository = registry.ofKind("application").find(({ fullName }) => fullName === packageName);
  return (repository?.live ?? []).map(({ name, manifest }) => ({
    release: name,
    digest: manifest.blob.digest,
  }));
}

export async function startQuayFake(options: QuayFakeOptions = {}): Promise<QuayFake> {
  const server = new QuayServer({
    seed: options.seed ?? {},
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    resultsLimit: options.resultsLimit ?? DEFAULT_RESULTS_LIMIT,
    racy: options.racy ?? false,
    images: options.images ?? QUAY_IMAGES,
    recording: options.recording ?? true,
    now: options.now ?? (() => new Date()),
    ...(options.director && { director: options.director }),
  });
  const { url, port, openSockets, close } = await listenOnLoopback(server.http, options.port);
  return {
    url,
    port,
    requests: server.requests,
    get faults() {
      return server.script.faults;
    },
    set faults(faults) {
      server.script.faults = faults;
    },
    get racy() {
      return server.race.open;
    },
    set racy(racy) {
      server.race.open = racy;
    },
    packages: () => packagesOf(server),
    images: () => imagesOf(server),
    rows: (packageName) => rowsOf(server, packageName),
    tarball: (packageName, release) => tarballOf(server, packageName, release),
    openSockets,
    reset: (seed) => server.reset(seed),
    close,
  };
}
