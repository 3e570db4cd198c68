import { unpack } from "../archive/index.ts";
import { type Config, organizationSettings } from "../config/index.ts";
import { ReleaseExistsError } from "../errors/index.ts";
import {
  addNameSuffix,
  annotateCsvs,
  buildRelease,
  identifyPackage,
  Manifests,
  packRelease,
  replaceRegistry,
  repositoryOfPackage,
  requireValid,
  verify,
} from "../operator/index.ts";
import type { Release, ReleaseContent, ReleaseTarget, Repository } from "../release/index.ts";
import type { Journal, Log } from "../telemetry/index.ts";
import { checkVersion, nextVersion } from "./version.ts";
import { publishOrganization, type TokenSource } from "./visibility.ts";

/** How often an auto-chosen version that turns out to be taken is chosen anew. */
export const MAX_VERSION_CHOICES = 5;

/** What a use case works with, for one request. */
export interface Publisher {
  readonly config: Config;
  readonly target: ReleaseTarget;
  /** The tokens of the organization; read only where one is needed. */
  readonly tokens: TokenSource;
  readonly log: Log;
  readonly journal: Journal;
}

export interface ArchivePush {
  readonly organization: string;
  /** Absent in v2 of the API: the repository is then the package's `packageName`. */
  readonly repository?: string | undefined;
  /** Absent: the next one is chosen. */
  readonly version?: string | undefined;
  /** The zip. */
  readonly archive: Buffer;
  /** Most bytes that it may have unpacked. */
  readonly maxUnpackedBytes: number;
}

export interface Pushed {
  readonly organization: string;
  readonly repo: string;
  readonly version: string;
  /** Paths of all files of the archive, sorted. */
  readonly extracted_files: readonly string[];
}

/**
 * Unpacks, verifies and publishes a package. Nothing is written before everything local is in order: a push
 * that Quay refuses leaves an empty repository behind.
 *
 * @throws the errors that the contract lists for a push, in the order of its steps
 */
export async function pushArchive(publisher: Publisher, push: ArchivePush): Promise<Pushed> {
  const { config, journal } = publisher;
  journal.size("archive", push.archive.length);
  const files = await journal.step("unpack", () => unpack(push.archive, push.maxUnpackedBytes));
  journal.size(
    "unpacked",
    [...files.values()].reduce((sum, { length }) => sum + length, 0),
  );
  const settings = organizationSettings(config, push.organization);
  const unpacked = new Manifests(files);
  const named = addNameSuffix(unpacked, identifyPackage(unpacked), settings.package_name_suffix);
  const repository: Repository = {
    organization: push.organization,
    repository: push.repository ?? repositoryOfPackage(named.packageName),
  };
  journal.about(repository);
  const versions = new VersionChoice(publisher, repository, push.version);
  const version = await versions.first();
  const content = await releaseOf(named, settings, repository, journal);
  const makePublic = await publishOrganization(publisher, repository);

  const pushed = await pushRelease(publisher, versions, { ...repository, version }, content);
  await makePublic();
  return {
    organization: repository.organization,
    repo: repository.repository,
    version: pushed.version,
    extracted_files: [...files.keys()],
  };
}

/** Rewrites the manifests as the organization wants them, verifies and packs them. */
async function releaseOf(
  { manifests: given, packageName }: ReturnType<typeof addNameSuffix>,
  settings: ReturnType<typeof organizationSettings>,
  { repository }: Repository,
  journal: Journal,
): Promise<ReleaseContent> {
  const { manifests, verdict } = await journal.step("verify", () => {
    const rules = settings.replace_registry.map(({ replace }) => replace);
    const replaced = replaceRegistry(given, rules);
    const manifests = annotateCsvs(replaced, settings.csv_annotations, packageName);
    const verdict = verify(manifests, repository);
    requireValid(verdict);
    return { manifests, verdict };
  });
  const content = await journal.step("pack", () => packRelease(buildRelease(manifests, verdict), repository));
  journal.size("release", content.archive.length);
  journal.about({ digest: content.digest });
  return content;
}

/** The given version once, or as many as it takes to find a free one. */
class VersionChoice {
  readonly #publisher: Publisher;
  readonly #repository: Repository;
  readonly #given: string | undefined;

  constructor(publisher: Publisher, repository: Repository, given: string | undefined) {
    this.#publisher = publisher;
    this.#repository = repository;
    this.#given = given === undefined ? undefined : checkVersion(given);
  }

  async first(): Promise<string> {
    return this.#given ?? (await this.#choose([]));
  }

  /** The next choice after `taken`, or undefined where there is none to make. */
  async after(taken: readonly string[]): Promise<string | undefined> {
    if (this.#given !== undefined || taken.length >= MAX_VERSION_CHOICES) return undefined;
    this.#publisher.log.warn("The chosen version is taken", { ...this.#repository, taken });
    return this.#choose(taken);
  }

  async #choose(taken: readonly string[]): Promise<string> {
    const { target, config, journal } = this.#publisher;
    const listed = await journal.step("list_versions", () => target.listVersions(this.#repository));
    // Another caller's private release may be taken without being listed.
    const known = [...listed, ...taken];
    return nextVersion(known, config.default_release_version);
  }
}

async function pushRelease(
  { target, journal }: Publisher,
  versions: VersionChoice,
  release: Release,
  content: ReleaseContent,
): Promise<Release> {
  const taken: string[] = [];
  for (let { version } = release; ; ) {
    try {
      journal.about({ version });
      await journal.step("push", () => target.push({ ...release, version }, content));
      journal.audit("Release pushed", { ...release, version, digest: content.digest });
      return { ...release, version };
    } catch (error) {
      if (!(error instanceof ReleaseExistsError)) throw error;
      taken.push(version);
      const next = await versions.after(taken);
      if (next === undefined) throw error;
      version = next;
    }
  }
}
