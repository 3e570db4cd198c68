import { NetworkError, UpstreamError } from "../../http/index.ts";
import type { ImageBlob } from "../../release/index.ts";
import { AddressError } from "./address.ts";
import { unexpected } from "./answer.ts";
import type { Connection } from "./connection.ts";

/** How often an upload is begun again after a failure that may pass, as with reads. */
export const UPLOAD_RETRIES = 2;

/**
 * Brings a blob into the repository, unless it is there: all at once, to the place that the registry names for it.
 * Nobody sees a blob that no tag leads to, so one whose upload ended unclearly is no harm, and is uploaded again.
 *
 * @throws UpstreamError, NetworkError (AddressError among them), TimeoutError, QuayAuthorizationError
 */
export async function uploadBlob(connection: Connection, blob: ImageBlob): Promise<void> {
  for (let attempt = 1; !(await hasBlob(connection, blob)); attempt++) {
    try {
      return await upload(connection, blob);
    } catch (error) {
      if (attempt > UPLOAD_RETRIES || !mayPass(error)) throw error;
      const leastMs = error instanceof UpstreamError ? error.retryAfterMs : 0;
      if (!(await connection.pause(attempt, leastMs))) throw error;
    }
  }
}

/** After 429 each of its requests was sent again already, and after a timeout there is no time. */
function mayPass(error: unknown): boolean {
  if (error instanceof UpstreamError) return error.status >= 500;
  return error instanceof NetworkError && !(error instanceof AddressError);
}

async function upload(connection: Connection, blob: ImageBlob): Promise<void> {
  const what = `upload ${blob.digest}`;
  const uploads = connection.url("blobs", "uploads", "");
  const begun = await connection.write("pull,push", { method: "POST", url: uploads, body: Buffer.alloc(0) });
  if (begun.status !== 202) throw unexpected(what, begun);
  const place = connection.told("an upload", String(begun.headers["location"] ?? ""), uploads);
  const done = await connection.write("pull,push", {
    method: "PUT",
    url: withDigest(place, blob.digest),
    body: blob.bytes,
    contentType: "application/octet-stream",
  });
  if (done.status !== 201 && done.status !== 204) throw unexpected(what, done);
  const stored = String(done.headers["docker-content-digest"] ?? blob.digest);
  if (stored !== blob.digest) throw new NetworkError(`${what}: stored as ${stored.slice(0, 100)}`);
}

/** A redirect, as to a store of blobs, and a refusal count as no: an upload that was not needed does no harm. */
async function hasBlob(connection: Connection, { digest }: ImageBlob): Promise<boolean> {
  const { status, headers } = await connection.head("pull,push", connection.url("blobs", digest));
  return status === 200 && (headers["docker-content-digest"] ?? digest) === digest;
}

/** The query is the registry's own and stays as it is, to the byte. */
function withDigest(place: URL, digest: string): URL {
  const url = new URL(place);
  url.hash = "";
  url.search = `${url.search === "" ? "?" : `${url.search}&`}digest=${digest}`;
  return url;
}
