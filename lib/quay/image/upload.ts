import { NetworkError } from "../../http/index.ts";
import type { ImageBlob } from "../../release/index.ts";
import { type Connection, unexpected } from "./connection.ts";

/**
 * Brings a blob into the repository, unless it is there: all at once, to the place that the registry names for it.
 * Nobody sees a blob that no tag leads to, so one whose upload ended unclearly is no harm.
 *
 * @throws UpstreamError, NetworkError (AddressError among them), TimeoutError, QuayAuthorizationError
 */
export async function uploadBlob(connection: Connection, blob: ImageBlob): Promise<void> {
  if (await hasBlob(connection, blob)) return;
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
