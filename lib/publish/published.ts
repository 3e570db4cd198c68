import { QuayPackageError } from "../errors/index.ts";
import type { ReleaseTarget, Repository } from "../release/index.ts";
import type { Journal } from "../telemetry/index.ts";
import { isVersion } from "./version.ts";

/** How many of a repository's releases are looked at, from the newest on: each costs a call. */
export const MAX_COMPARED_RELEASES = 20;

/**
 * The version under which a repository has this content already, as after a push whose answer was lost; undefined
 * where none of its newest releases has it.
 *
 * @param digest SHA-256 of the release's tar, in hex
 * @param given the only version that counts; any unless told
 * @throws QuayPackageError when Quay cannot tell: a second push might then publish it twice
 */
export async function publishedVersion(
  { target, journal }: { readonly target: ReleaseTarget; readonly journal: Journal },
  repository: Repository,
  digest: string,
  given: string | undefined,
): Promise<string | undefined> {
  return journal.step("find_release", async () => {
    const listed = given === undefined ? await target.listVersions(repository) : [given];
    for (const version of new Set(listed.filter(isVersion).slice(0, MAX_COMPARED_RELEASES))) {
      const found = await target.find({ ...repository, version }, digest);
      if (found === "same") return version;
      if (found === "unknown") throw cannotTell({ ...repository, version });
    }
    return undefined;
  });
}

function cannotTell({
  organization,
  repository,
  version,
}: Repository & { version: string }): QuayPackageError {
  return new QuayPackageError(
    `Quay does not tell what ${organization}/${repository}:${version} contains, so it is not known whether the build is published already. Nothing was pushed. Try again.`,
  );
}
