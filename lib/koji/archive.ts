import { KojiArchiveNotFoundError, KojiError } from "../errors/index.ts";
import { notAnOperatorImage } from "./failure.ts";
import type { KojiArchiveRow, KojiBuild, KojiHub } from "./hub.ts";
import { fileUrl, isFileName, MAX_NAME_LENGTH, pathUrl } from "./place.ts";
import { member } from "./schema.ts";

/** The hub's numbers of checksum types are indexes into this (Koji 1.35). */
const CHECKSUM_TYPES = ["md5", "sha1", "sha256"] as const;

/** A checksum that Koji has made when the file was imported. It tells of damage, and is no proof of origin. */
export interface Checksum {
  readonly algorithm: (typeof CHECKSUM_TYPES)[number];
  /** In lower case. */
  readonly hex: string;
}

/** An archive with operator manifests, and where it is to be had. */
export interface OperatorArchive {
  readonly build: Pick<KojiBuild, "id" | "nvr" | "name" | "version" | "release">;
  readonly name: string;
  readonly url: URL;
  /** In bytes; undefined where Koji keeps no record of the file, as of logs. */
  readonly size?: number;
  readonly checksum?: Checksum;
}

/** Whether a build says that it has operator manifests; nobody is asked. */
export function hasOperatorManifests(build: KojiBuild): boolean {
  const { typed, legacy } = namedArchives(build);
  return typed !== undefined || legacy !== undefined;
}

/**
 * Which archive holds the operator manifests of a build, in the order of what build systems have done: stored
 * under their type and named in `typeinfo`, stored so but named in the older key only, stored among the logs.
 *
 * @param kojiroot address of Koji's files, with or without a slash at the end
 * @throws KojiNotAnOperatorImageError when the build names no archive, as RPMs and other images do
 * @throws KojiArchiveNotFoundError when the archive that it names is not there, or cannot be
 * @throws KojiError when Koji cannot be asked, or names a place outside of its files
 */
export async function findOperatorArchive(
  hub: KojiHub,
  kojiroot: string,
  build: KojiBuild,
): Promise<OperatorArchive> {
  const { typed, legacy } = namedArchives(build);
  if (typed === undefined && legacy === undefined) throw notAnOperatorImage(build.nvr);

  const name = archiveName(build, typed ?? legacy);
  const row = (await hub.operatorArchives(build)).find(({ filename }) => filename === name);
  if (typed === undefined && row === undefined) return amongLogs(hub, kojiroot, build, name);
  if (row?.metadata_only) throw notThere(build, name);
  const url = fileUrl(kojiroot, [...buildDirectory(build), "files", "operator-manifests", name]);
  if (!url) throw outside(build);
  return { build: identity(build), name, url, ...(row && record(row)) };
}

/** What the build has under the key of today, and under the older one; undefined where it has none. */
function namedArchives({ extra }: KojiBuild): { typed: unknown; legacy: unknown } {
  const typed = member(member(member(extra, "typeinfo"), "operator-manifests"), "archive") ?? undefined;
  return { typed, legacy: member(extra, "operator_manifests_archive") ?? undefined };
}

async function amongLogs(
  hub: KojiHub,
  kojiroot: string,
  build: KojiBuild,
  name: string,
): Promise<OperatorArchive> {
  const log = (await hub.logs(build)).find((each) => each.name === name);
  if (!log) throw notThere(build, name);
  const url = pathUrl(kojiroot, log.path);
  if (!url) throw outside(build);
  return { build: identity(build), name, url };
}

function identity({ id, nvr, name, version, release }: KojiBuild): OperatorArchive["build"] {
  return { id, nvr, name, version, release };
}

/** Koji's directory of a build, which knows no epoch. */
function buildDirectory({ volume, name, version, release }: KojiBuild): string[] {
  return [...(volume === undefined ? [] : ["vol", volume]), "packages", name, version, release];
}

function record({ size, checksum, checksum_type: type }: KojiArchiveRow): Partial<OperatorArchive> {
  const algorithm = CHECKSUM_TYPES[type ?? -1];
  return {
    ...(typeof size === "number" && { size }),
    ...(checksum && algorithm && { checksum: { algorithm, hex: checksum.toLowerCase() } }),
  };
}

function archiveName(build: KojiBuild, name: unknown): string {
  if (isFileName(name)) return name;
  throw new KojiArchiveNotFoundError(
    `What the build ${build.nvr} names as its archive of manifests cannot be one: expected a file name of 1 to ${MAX_NAME_LENGTH} characters without directories. Have the build repaired, or name another one.`,
  );
}

function notThere(build: KojiBuild, name: string): KojiArchiveNotFoundError {
  return new KojiArchiveNotFoundError(
    `The build ${build.nvr} names ${JSON.stringify(name)} as its archive of manifests, but Koji has no such file of it. Name another build.`,
  );
}

function outside(build: KojiBuild): KojiError {
  return new KojiError(
    `Koji names a place outside of its files for the archive of ${build.nvr}; nothing was fetched.`,
  );
}
