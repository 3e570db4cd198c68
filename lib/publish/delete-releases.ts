import {
  InvalidVersionFormatError,
  mayBeDone,
  QuayPackageError,
  QuayPackageNotFoundError,
} from "../errors/index.ts";
import type { Repository } from "../release/index.ts";
import type { Publisher } from "./publisher.ts";

/**
 * Quay keeps the time of a deletion in whole seconds, unique for each name of a release, so the second of
 * two releases of one name can go in the next second only. In milliseconds.
 */
const SAME_NAME_PAUSE_MS = 1200;

/** What Quay takes as the name of a release: any semantic version, and what older versions let in. */
export const RELEASE_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

export interface Deleted {
  readonly organization: string;
  readonly repo: string;
  readonly deleted: readonly string[];
}

/**
 * Deletes one release of a repository, or all, also those whose names are no `<int>.<int>.<int>`.
 * The repository itself stays.
 *
 * @param sleep waits some milliseconds
 * @throws QuayPackageNotFoundError when there is no such release, or none at all
 * @throws InvalidVersionFormatError for a version that no release can have
 */
export async function deleteReleases(
  publisher: Deleter,
  repository: Repository,
  version: string | undefined,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<Deleted> {
  const name = version === undefined ? undefined : checkName(version);
  return publisher.lock.hold(repository, undefined, () => deleteAlone(publisher, repository, name, sleep));
}

type Deleter = Pick<Publisher, "target" | "journal" | "lock">;

async function deleteAlone(
  { target, journal }: Deleter,
  repository: Repository,
  version: string | undefined,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<Deleted> {
  const versions =
    version === undefined
      ? await journal.step("list_versions", () => allVersions(target, repository))
      : [version];
  for (const [index, name] of versions.entries()) {
    if (versions.indexOf(name) < index) await sleep(SAME_NAME_PAUSE_MS).catch(noTimeLeft);
    await journal
      .step("delete", () => target.delete({ ...repository, version: name }))
      .catch((error: unknown) => {
        if (mayBeDone(error))
          journal.audit("Release may have been deleted", { ...repository, version: name });
        throw error;
      });
    journal.audit("Release deleted", { ...repository, version: name });
  }
  return { organization: repository.organization, repo: repository.repository, deleted: versions };
}

async function allVersions(target: Publisher["target"], repository: Repository): Promise<readonly string[]> {
  const versions = await target.listVersions(repository);
  if (versions.length > 0) return versions;
  throw new QuayPackageNotFoundError(
    `Package ${repository.organization}/${repository.repository} has no release, or Quay does not show it to this token.`,
  );
}

function checkName(version: string): string {
  if (RELEASE_NAME.test(version)) return version;
  throw new InvalidVersionFormatError(
    `Version ${JSON.stringify(version.slice(0, 100))} is not the name of a release; expected a version like '1.0.0'.`,
  );
}

function noTimeLeft(cause: unknown): never {
  throw new QuayPackageError("Not all releases were deleted: there was no time left. Try again.", { cause });
}
