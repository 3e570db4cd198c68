import type { IncomingHttpHeaders } from "node:http";
import { failure, type S3Answer } from "./s3-answer.ts";
import type { StoredObject } from "./s3-object.ts";

/**
 * Gives the answer to a conditional write or deletion that must not be done; undefined where it may. It must then be
 * done at once, before any other request.
 *
 * @param object what is there
 */
export function refusal(
  headers: IncomingHttpHeaders,
  object: StoredObject | undefined,
): S3Answer | undefined {
  const { "if-match": same, "if-none-match": none } = headers;
  if (none !== undefined && none !== "*") return failure(501, "NotImplemented");
  if (none === "*" && object) return failure(412, "PreconditionFailed");
  if (same === undefined) return undefined;
  if (!object) return failure(404, "NoSuchKey");
  return same === "*" || bare(same) === bare(object.etag) ? undefined : failure(412, "PreconditionFailed");
}

function bare(etag: string): string {
  return etag.replaceAll('"', "");
}
