import compareBuild from "semver/functions/compare-build.js";
import valid from "semver/functions/valid.js";
import { QuayPackageNotFoundError } from "../errors/index.ts";
import type { Registry, Repository } from "../release/index.ts";
import type { Journal } from "../telemetry/index.ts";
import { atOnce } from "./at-once.ts";

/** How many releases are looked at at once: each costs Quay a tenth of a second. */
export const LOOKS_AT_ONCE = 5;

export interface ListedRelease {
  readonly version: string;
  readonly digest: string | null;
  readonly created: string | null;
  /** Bundles only: the reference of the image. */
  readonly image?: string;
}

export interface ReleasePage {
  readonly organization: string;
  readonly repo: string;
  /** The highest version first. */
  readonly releases: readonly ListedRelease[];
  /** How many there are in all. */
  readonly total: number;
  /** After which version the next page begins; undefined where this is the last one. */
  readonly nextAfter: string | undefined;
}

/** Which releases of a list are wanted. */
export interface PageWanted {
  readonly limit: number;
  /** Only those that come after this version; from the highest on unless told. */
  readonly after?: string | undefined;
}

/**
 * A page of a repository's releases, in the order of semantic versions, the highest first. Names that are no such
 * version come last.
 *
 * @throws QuayPackageNotFoundError when there is no release at all, or none is shown to the caller
 * @throws QuayAuthorizationError or QuayPackageError
 */
export async function listReleases(
  { target, journal }: { readonly target: Registry; readonly journal: Journal },
  repository: Repository,
  { limit, after }: PageWanted,
): Promise<ReleasePage> {
  const listed = await journal.step("list_versions", () => target.listVersions(repository));
  const versions = [...new Set(listed)].sort(highestFirst);
  const { organization, repository: repo } = repository;
  if (versions.length === 0) {
    throw new QuayPackageNotFoundError(
      `Package ${organization}/${repo} has no release, or Quay does not show it to this token.`,
    );
  }
  const rest = after === undefined ? versions : versions.filter((each) => highestFirst(each, after) > 0);
  const page = rest.slice(0, limit);
  const releases = await journal.step("find_release", () => lookAt(target, repository, page));
  // What is listed but gone when it is looked at is left out, also at the end of a page.
  const nextAfter = rest.length > page.length ? page.at(-1) : undefined;
  return { organization, repo, releases, total: versions.length, nextAfter };
}

/** What was deleted since it was listed is left out. */
async function lookAt(
  target: Registry,
  repository: Repository,
  versions: readonly string[],
): Promise<ListedRelease[]> {
  const looked = await atOnce(versions, LOOKS_AT_ONCE, async (version) => {
    const release = { ...repository, version };
    const facts = await target.describe(release);
    if (!facts) return [];
    const image = target.kind === "bundle" ? { image: target.referenceOf(release) } : {};
    return [{ version, ...facts, ...image }];
  });
  return looked.flat();
}

function highestFirst(a: string, b: string): number {
  if (valid(a) !== null && valid(b) !== null) return compareBuild(b, a) || byText(a, b);
  if (valid(a) === null && valid(b) === null) return byText(a, b);
  return valid(a) === null ? 1 : -1;
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
