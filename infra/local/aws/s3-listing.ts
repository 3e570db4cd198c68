import { document, element, type S3Answer } from "./s3-answer.ts";
import type { StoredObject } from "./s3-object.ts";

/** How many objects one page has at most. */
const MAX_KEYS = 1000;

/**
 * Lists the objects of a bucket whose keys begin with a prefix, page by page, in the order of the keys' bytes.
 *
 * @param objects `bucket/key` to the object
 * @param query the request's: `prefix`, `max-keys`, `start-after`, `continuation-token`
 */
export function listing(
  objects: ReadonlyMap<string, StoredObject>,
  bucket: string,
  query: URLSearchParams,
): S3Answer {
  const prefix = query.get("prefix") ?? "";
  const after = decoded(query.get("continuation-token")) ?? query.get("start-after") ?? "";
  const size = Math.min(Number(query.get("max-keys") ?? MAX_KEYS), MAX_KEYS);
  const found = [...objects]
    .filter(([name]) => name.startsWith(`${bucket}/${prefix}`))
    .map(([name, object]): [string, StoredObject] => [name.slice(bucket.length + 1), object])
    .filter(([key]) => after === "" || byBytes(key, after) > 0)
    .toSorted(([a], [b]) => byBytes(a, b));
  const page = found.slice(0, size);
  const truncated = page.length < found.length;
  const last = page.at(-1)?.[0] ?? after;
  const parts = [
    element("Name", bucket),
    element("Prefix", prefix),
    element("MaxKeys", size),
    element("KeyCount", page.length),
    element("IsTruncated", truncated),
    truncated ? element("NextContinuationToken", Buffer.from(last).toString("base64url")) : "",
    ...page.map(contents),
  ];
  return document("ListBucketResult", parts.join(""));
}

function contents([key, { content, etag, written }]: [string, StoredObject]): string {
  const about = [
    element("Key", key),
    element("LastModified", written.toISOString()),
    element("ETag", etag),
    element("Size", content.length),
    element("StorageClass", "STANDARD"),
  ];
  return `<Contents>${about.join("")}</Contents>`;
}

function decoded(token: string | null): string | undefined {
  return token === null ? undefined : Buffer.from(token, "base64url").toString();
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
