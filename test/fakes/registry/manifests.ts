import type { Answer } from "../answer.ts";
import type { Call } from "../quay/call.ts";
import { isFields, parseBody } from "../quay/request-body.ts";
import { imagesFor, originOf } from "./access.ts";
import { absent, digestInvalid, empty, registryError } from "./answers.ts";
import { digestOf, type Images, type StoredManifest } from "./images.ts";

const OCI = "application/vnd.oci.image.manifest.v1+json";
const DOCKER = "application/vnd.docker.distribution.manifest.v2+json";

const isDigest = (reference: string) => /^sha256:[0-9a-f]{64}$/.test(reference);

function stored(images: Images, reference: string): StoredManifest | undefined {
  return isDigest(reference) ? images.manifests.get(reference) : images.tagged(reference);
}

/** GET /v2/ORG/REPO/manifests/REFERENCE: one whose type the caller does not name is hidden. */
export function showManifest(call: Call): Answer {
  const images = imagesFor(call, "pull");
  const { reference } = call.path;
  if (images.expired.has(reference) && !images.tags.has(reference)) {
    return registryError(404, "TAG_EXPIRED", `Tag ${reference} was deleted or has expired.`);
  }
  const manifest = stored(images, reference);
  const accepted = (call.headers.accept ?? "").split(",").map((type) => type.trim());
  if (!manifest || !accepted.includes(manifest.mediaType)) return absent(call, "MANIFEST_UNKNOWN");
  const headers = {
    "content-type": manifest.mediaType,
    "docker-content-digest": digestOf(manifest.bytes),
  };
  return { status: 200, headers, body: manifest.bytes };
}

function invalid(message: string, status = 400): Answer {
  return registryError(status, "MANIFEST_INVALID", message);
}

/** What is against a manifest, as registries look at it: all that it names must be there, in this size. */
function fault(call: Call, images: Images, mediaType: string): Answer | undefined {
  const isTaken = mediaType === DOCKER || (mediaType === OCI && call.quay.images.acceptsOci);
  if (!isTaken) return invalid("manifest schema version not supported", 415);
  const manifest = parseBody(call.body);
  if (!isFields(manifest) || manifest["schemaVersion"] !== 2) return invalid("manifest invalid");
  const { config, layers } = manifest;
  if (manifest["mediaType"] !== mediaType || !isFields(config) || !Array.isArray(layers)) {
    return invalid("manifest invalid");
  }
  for (const part of [config, ...layers]) {
    const bytes = isFields(part) ? images.blobs.get(String(part["digest"])) : undefined;
    if (!bytes) return registryError(400, "MANIFEST_BLOB_UNKNOWN", "manifest blob unknown to registry");
    if (isFields(part) && part["size"] !== bytes.length) return invalid("size of a blob differs");
  }
  return undefined;
}

/** PUT /v2/ORG/REPO/manifests/REFERENCE */
export function putManifest(call: Call): Answer {
  const images = imagesFor(call, "push");
  const { namespace, repo, reference } = call.path;
  const mediaType = call.headers["content-type"] ?? "";
  const refusal = fault(call, images, mediaType);
  if (refusal) return refusal;
  const digest = digestOf(call.body);
  if (isDigest(reference) && reference !== digest) return digestInvalid;
  images.manifests.set(digest, { mediaType, bytes: call.body });
  if (!isDigest(reference)) images.tags.set(reference, digest);
  const location = `${originOf(call)}/v2/${namespace}/${repo}/manifests/${digest}`;
  return empty(201, { "docker-content-digest": digest, location });
}

/** DELETE /v2/ORG/REPO/manifests/REFERENCE: a digest takes all of its tags along. */
export function deleteManifest(call: Call): Answer {
  const images = imagesFor(call, "delete");
  const { reference } = call.path;
  if (!isDigest(reference)) {
    if (!call.quay.images.deletesByTag) return digestInvalid;
    return images.untag(reference) ? empty(202, {}) : absent(call, "MANIFEST_UNKNOWN");
  }
  if (!images.manifests.delete(reference)) return absent(call, "MANIFEST_UNKNOWN");
  const tags = [...images.tags].filter(([, digest]) => digest === reference);
  for (const [tag] of tags) images.untag(tag);
  return empty(202, {});
}

/** GET /v2/ORG/REPO/tags/list?n=N&last=TAG */
export function listTags(call: Call): Answer {
  const tags = [...imagesFor(call, "pull").tags.keys()].toSorted();
  const { namespace, repo } = call.path;
  const { addresses, pageSize } = call.quay.images;
  const size = Math.min(Number(call.query.get("n") ?? pageSize) || pageSize, pageSize);
  const limit = pageSize === Number.POSITIVE_INFINITY ? pageSize : size;
  const last = call.query.get("last") ?? "";
  const rest = tags.filter((tag) => tag > last);
  const page = rest.slice(0, limit);
  const query = `?n=${size}&last=${page.at(-1)}`;
  const rooted = `/v2/${namespace}/${repo}/tags/list${query}`;
  const links = { absolute: `${originOf(call)}${rooted}`, rooted, relative: query };
  const more = rest.length > page.length ? { link: `<${links[addresses]}>; rel="next"` } : {};
  const body = JSON.stringify({ name: `${namespace}/${repo}`, tags: page });
  return { status: 200, headers: { "content-type": "application/json", ...more }, body };
}
