import { mayBeDone, QuayCourierError, ReleaseExistsError } from "../errors/index.ts";
import type { PackageArchive, PackageRegistry, Release, Repository } from "../release/index.ts";
import { publishedVersion } from "./published.ts";
import type { Publisher as AnyPublisher } from "./publisher.ts";
import type { Held } from "./repository-lock.ts";
import type { VersionChoice } from "./version-choice.ts";
import { publishOrganization } from "./visibility.ts";

type Publisher = AnyPublisher<PackageRegistry>;

/**
 * Publishes a content as a release, alone in its repository. Where the same was asked for before and its end is not
 * known, that one is finished: what is there already is not pushed again.
 *
 * @param unlessPublished whether nothing is pushed where the repository has this content already
 * @returns the release's version
 * @throws BusyError and the contract's errors of pushing and publishing
 */
export async function publishRelease(
  publisher: Publisher,
  repository: Repository,
  versions: VersionChoice,
  content: PackageArchive,
  unlessPublished = false,
): Promise<string> {
  const { lock, caller } = publisher;
  const makePublic = await publishOrganization(publisher, repository);
  const { given } = versions;
  const wanted = { token: caller, digest: content.digest, ...(given !== undefined && { given }) };
  return lock.hold(repository, wanted, async (held) => {
    const version =
      (await versionThere(publisher, repository, content, held)) ??
      (unlessPublished ? await versionBefore(publisher, repository, content, given) : undefined) ??
      (await pushNew(publisher, repository, versions, content, held));
    held.written();
    await makePublic();
    return version;
  });
}

/** The version of the push that began before, where it has come to its end by now. */
async function versionThere(
  { target, journal, log }: Publisher,
  repository: Repository,
  { digest }: PackageArchive,
  { begun }: Held,
): Promise<string | undefined> {
  if (begun === undefined) return undefined;
  const release = { ...repository, version: begun };
  const found = await journal.step("push", () => target.find(release, digest));
  if (found === "unknown") throw notKnown(release);
  if (found !== "same") return undefined;
  journal.about({ version: begun });
  log.info("The release is there from a push that began before", { ...release, digest });
  return begun;
}

/** The version under which the content was published at any time before. */
async function versionBefore(
  publisher: Publisher,
  repository: Repository,
  { digest }: PackageArchive,
  given: string | undefined,
): Promise<string | undefined> {
  const version = await publishedVersion(publisher, repository, digest, given);
  if (version === undefined) return undefined;
  publisher.journal.about({ version });
  publisher.log.info("The build is published already", { ...repository, version });
  return version;
}

async function pushNew(
  publisher: Publisher,
  repository: Repository,
  versions: VersionChoice,
  content: PackageArchive,
  held: Held,
): Promise<string> {
  const taken: string[] = [];
  // A version that was chosen before is tried first: Quay refuses it where it has another content by now.
  for (let version = held.begun ?? (await versions.first()); ; ) {
    const exists = await pushOnce(publisher, { ...repository, version }, content, held);
    if (!exists) return version;
    // What came late of the push that began before is ours.
    const late = version === held.begun && (await versionThere(publisher, repository, content, held));
    if (late) return late;
    taken.push(version);
    const next = await versions.after(taken);
    if (next === undefined) throw exists;
    version = next;
  }
}

/** Gives the error where a release of this version is there already. */
async function pushOnce(
  { target, journal }: Publisher,
  release: Release,
  content: PackageArchive,
  held: Held,
): Promise<ReleaseExistsError | undefined> {
  const { digest } = content;
  journal.about({ version: release.version });
  await held.note(release.version);
  try {
    await journal.step("push", () => target.push(release, content));
  } catch (error) {
    if (mayBeDone(error)) journal.audit("Release may have been pushed", { ...release, digest });
    if (error instanceof ReleaseExistsError) return error;
    throw error;
  }
  journal.audit("Release pushed", { ...release, digest });
  return undefined;
}

function notKnown({ organization, repository, version }: Release): QuayCourierError {
  return new QuayCourierError(
    `It is not known how the push of ${organization}/${repository}:${version} ended that was asked for before: Quay does not tell. Try again.`,
    {},
    { remains: "unfinished" },
  );
}
