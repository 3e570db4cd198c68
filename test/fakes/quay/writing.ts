import type { Caller } from "./accounts.ts";
import { type Answer, cnrJson, Refusal, serverError } from "./answer.ts";
import { decodeBase64 } from "./blob.ts";
import { type Call, cnrCaller, packageName, refuseImageRepository } from "./call.ts";
import { forbidden, invalidRelease, invalidUsage, packageExists, packageNotFound } from "./cnr-errors.ts";
import { knownMediaType, manifestMediaType } from "./media-type.ts";
import { type Parcel, packParcel } from "./registry.ts";
import type { Repository } from "./repository.ts";
import { bodyFields, type Fields, pythonText } from "./request-body.ts";
import { versionFault } from "./version.ts";

const REPOSITORY_NAME = /^[a-z0-9][.a-z0-9_-]{0,254}$/;
const MAX_RELEASE_LENGTH = 255;

/** Made before anything else of the body is looked at: a push that fails later leaves it behind, empty. */
function openRepository(call: Call, caller: Caller, { visibility = "private" }: Fields): Repository {
  const { quay, path } = call;
  const repository = quay.registry.application(path.namespace, path.repo);
  if (repository) return repository;
  if (caller.kind === "anonymous" || !quay.rights.mayCreate(caller, path.namespace)) {
    throw new Refusal(forbidden(packageName(call), ["create"]));
  }
  if (visibility !== "public" && visibility !== "private") throw new Refusal(serverError);
  return quay.registry.createApplication(path.namespace, path.repo, visibility, caller.name);
}

function decodeBlob(blob: unknown): Buffer {
  if (blob === null) return Buffer.alloc(0);
  const tarGz = typeof blob === "string" ? decodeBase64(blob) : undefined;
  if (!tarGz) throw new Refusal(serverError);
  return tarGz;
}

/** The checks of a push's fields, in Quay's order. */
function unpack(fields: Fields): Parcel {
  for (const key of ["release", "media_type", "blob"]) {
    if (!(key in fields)) throw new Refusal(invalidUsage(`Missing ${key}`));
  }
  const tarGz = decodeBlob(fields["blob"]);
  const release = pythonText(fields["release"]);
  const fault = versionFault(release);
  if (fault !== undefined) throw new Refusal(invalidRelease("version", release, fault));
  const { media_type: given } = fields;
  const mediaType = typeof given === "string" ? knownMediaType(given) : undefined;
  // The bytes are looked at before the media type is, so that a bad blob fails in its own way.
  const parcel = packParcel(release, mediaType ?? "helm", tarGz);
  if (mediaType === undefined) throw new Refusal(serverError);
  return parcel;
}

async function store({ quay, query }: Call, repository: Repository, parcel: Parcel): Promise<Answer> {
  const existing = repository.find(parcel.release, parcel.mediaType);
  if (existing && query.get("force") !== "true") return packageExists;
  const isKnown = quay.registry.knowsManifest(parcel.manifestDigest);

  await quay.race.meetRival(`${repository.fullName} ${parcel.release}`);

  // A manifest's digest is unique, and the rival has just stored this one.
  if (!isKnown && quay.registry.knowsManifest(parcel.manifestDigest)) return serverError;
  if (parcel.release.length > MAX_RELEASE_LENGTH) return serverError;
  if (existing && !repository.end(existing, quay.now())) return serverError;
  quay.registry.addRelease(repository, parcel);
  return cnrJson({ status: "ok" });
}

/** POST /packages/ORG/REPO */
export function push(call: Call): Promise<Answer> {
  refuseImageRepository(call);
  const caller = cnrCaller(call);
  const { namespace, repo } = call.path;
  if (!REPOSITORY_NAME.test(repo)) {
    throw new Refusal(invalidUsage(`invalid repository name: ${packageName(call)}`));
  }
  const fields = bodyFields(call.body);
  const repository = openRepository(call, caller, fields);
  if (!call.quay.rights.may(caller, "write", namespace, repo)) {
    throw new Refusal(forbidden(packageName(call), ["push"]));
  }
  return store(call, repository, unpack(fields));
}

/** DELETE /packages/ORG/REPO/RELEASE/helm: an exact name, no query. */
export function deleteRelease(call: Call): Answer {
  const caller = cnrCaller(call);
  refuseImageRepository(call, caller);
  const { namespace, repo, release: name, mediaType } = call.path;
  if (!call.quay.rights.may(caller, "write", namespace, repo)) {
    return forbidden(packageName(call), ["pull", "push"]);
  }
  const repository = call.quay.registry.application(namespace, repo);
  if (!repository) return packageNotFound(packageName(call));
  const known = knownMediaType(mediaType);
  const hasRelease = repository.live.some((release) => release.name === name);
  if (known === undefined || !hasRelease) {
    return packageNotFound(packageName(call), name, manifestMediaType(mediaType));
  }

  const release = repository.find(name, known);
  if (!release || !repository.end(release, call.quay.now())) return serverError;
  return cnrJson({ package: packageName(call), release: name, status: "deleted" });
}
