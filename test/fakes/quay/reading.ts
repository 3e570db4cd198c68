import { type Answer, cnrJson, Refusal, serverError } from "./answer.ts";
import { type Call, packageName, requireReader } from "./call.ts";
import { invalidRelease, packageNotFound, releaseNotFound } from "./cnr-errors.ts";
import { naiveTime } from "./listing.ts";
import { contentMediaType, knownMediaType, manifestMediaType } from "./media-type.ts";
import type { Release, Repository } from "./repository.ts";
import { selectRelease } from "./version.ts";

function describeRelease(repository: Repository, release: Release) {
  const { digest, blob } = release.manifest;
  return {
    content: {
      digest: blob.digest,
      mediaType: contentMediaType(release.mediaType),
      size: blob.size,
      urls: [],
    },
    created_at: naiveTime(release.pushedAt),
    digest,
    mediaType: manifestMediaType(release.mediaType),
    metadata: null,
    package: repository.fullName,
    release: release.name,
  };
}

function readablePackage(call: Call): Repository {
  requireReader(call);
  const repository = call.quay.registry.application(call.path.namespace, call.path.repo);
  if (!repository) throw new Refusal(packageNotFound(packageName(call)));
  return repository;
}

/** The release that a version query stands for, in the asked media type. */
function queriedRelease(repository: Repository, query: string, mediaType: string): Release {
  const name = repository.fullName;
  if (repository.live.length === 0) throw new Refusal(packageNotFound(name, query));
  const selection = selectRelease(repository.releaseNames(), query);
  if ("fault" in selection) throw new Refusal(invalidRelease("release", query, selection.fault));
  if (selection.release === undefined) throw new Refusal(releaseNotFound(name, query));

  const known = knownMediaType(mediaType);
  if (known === undefined) {
    throw new Refusal(packageNotFound(name, selection.release, manifestMediaType(mediaType)));
  }
  const release = repository.find(selection.release, known);
  if (!release) throw new Refusal(serverError);
  return release;
}

/** Quay asks for each row by its name as a query, so 1.0.0 can come out as 1.0.0+build.1. */
function describeRows(repository: Repository, rows: readonly Release[]): Answer {
  const releases = rows.map(({ name, mediaType }) => queriedRelease(repository, name, mediaType));
  return cnrJson(releases.map((release) => describeRelease(repository, release)));
}

/** GET /packages/ORG/REPO */
export function listReleases(call: Call): Answer {
  const repository = readablePackage(call);
  return describeRows(repository, repository.live);
}

/** GET /packages/ORG/REPO/RELEASE: no query but a name, and nothing when it is unknown. */
export function showRelease(call: Call): Answer {
  const repository = readablePackage(call);
  return describeRows(
    repository,
    repository.live.filter(({ name }) => name === call.path.release),
  );
}

/** GET /packages/ORG/REPO/RELEASE/helm */
export function showManifest(call: Call): Answer {
  const repository = readablePackage(call);
  const release = queriedRelease(repository, call.path.release, call.path.mediaType);
  return cnrJson({ ...describeRelease(repository, release), channels: [] });
}

export function listChannels(call: Call): Answer {
  readablePackage(call);
  return cnrJson([]);
}

function tarGz(bytes: Buffer, filename: string): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/x-gzip", "content-disposition": filename },
    body: bytes,
  };
}

/** GET /packages/ORG/REPO/RELEASE/helm/pull */
export function pull(call: Call): Answer {
  const repository = readablePackage(call);
  const release = queriedRelease(repository, call.path.release, call.path.mediaType);
  const { bytes } = release.manifest.blob;
  const filename = `${repository.namespace}_${repository.name}_${release.name}.tar.gz`;
  if (call.query.get("format") !== "json") return tarGz(bytes, filename);
  const blob = bytes.toString("base64");
  return cnrJson({ blob, filename, package: repository.fullName, release: release.name });
}

/** GET /packages/ORG/REPO/blobs/sha256/DIGEST: any blob of the registry, whatever the package. */
export function pullBlob(call: Call): Answer {
  const repository = readablePackage(call);
  const { digest } = call.path;
  const blob = call.quay.registry.blob(digest);
  if (!blob) return packageNotFound(repository.fullName, digest);
  return tarGz(blob.bytes, `${repository.namespace}_${repository.name}_${digest.slice(0, 8)}.tar.gz`);
}
