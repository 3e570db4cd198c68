import type { Answer } from "../answer.ts";
import type { Call } from "../quay/call.ts";
import { imagesFor, originOf } from "./access.ts";
import { digestInvalid, empty, registryError } from "./answers.ts";
import { digestOf } from "./images.ts";

/** HEAD and GET /v2/ORG/REPO/blobs/DIGEST */
export function showBlob(call: Call): Answer {
  const { reference } = call.path;
  const bytes = imagesFor(call, "pull").blobs.get(reference);
  if (!bytes) return registryError(404, "BLOB_UNKNOWN", "blob unknown to registry");
  const headers = { "content-type": "application/octet-stream", "docker-content-digest": reference };
  return { status: 200, headers, body: bytes };
}

/** POST /v2/ORG/REPO/blobs/uploads/ */
export function beginUpload(call: Call): Answer {
  const id = imagesFor(call, "push").beginUpload();
  const { namespace, repo } = call.path;
  const rooted = `/v2/${namespace}/${repo}/blobs/uploads/${id}?_state=a%2Bb%3D%3D`;
  const locations = {
    absolute: `${originOf(call)}${rooted}`,
    rooted,
    relative: `${id}?_state=a%2Bb%3D%3D`,
  };
  return empty(202, { location: locations[call.quay.images.addresses], range: "0-0" });
}

/** PUT /v2/ORG/REPO/blobs/uploads/ID?digest=DIGEST */
export function endUpload(call: Call): Answer {
  const images = imagesFor(call, "push");
  const { query, body, path } = call;
  if (query.get("_state") !== "a+b==" || !images.endUpload(path.reference)) {
    return registryError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
  }
  const digest = digestOf(body);
  if (query.get("digest") !== digest) return digestInvalid;
  images.blobs.set(digest, body);
  return empty(201, { "docker-content-digest": digest });
}
