import { QuayCourierError, QuayPackageError } from "../../errors/index.ts";
import { type HttpResponse, NetworkError, TimeoutError, UpstreamError } from "../../http/index.ts";
import { denied, isDenial, packageError, quayResponse } from "../answer.ts";
import { isRefusal, releaseExists } from "../refusal.ts";
import { AddressError } from "./address.ts";
import { errorsOf } from "./answer.ts";

const READ_ONLY = "it takes no changes now: it is read-only, or the organization is disabled.";
const NO_OCI = "it does not take this kind of image. Set media_types to docker if it takes no OCI images.";
const LOST_BLOB = "it does not have, or does not accept, what was uploaded. Try again.";

/** Our texts for the codes of the OCI distribution specification, and Quay's. */
const TEXTS_BY_CODE: Readonly<Record<string, string>> = {
  NAME_INVALID: "it does not take the name of the repository.",
  NAME_UNKNOWN: "it does not know the repository, and did not make it.",
  MANIFEST_INVALID: `it does not take the manifest as it is; see quay_response. Perhaps ${NO_OCI}`,
  MANIFEST_BLOB_UNKNOWN: LOST_BLOB,
  BLOB_UNKNOWN: LOST_BLOB,
  BLOB_UPLOAD_INVALID: LOST_BLOB,
  BLOB_UPLOAD_UNKNOWN: LOST_BLOB,
  DIGEST_INVALID: LOST_BLOB,
  SIZE_INVALID: LOST_BLOB,
  TAG_INVALID: "it does not take the version as a tag.",
  TOOMANYREQUESTS: "of too many requests. Try again later.",
  UNSUPPORTED:
    "it does not support it: a repository of another kind has this name, or the registry is read-only.",
};

const TEXTS_BY_STATUS: Readonly<Record<number, string>> = {
  402: "the organization's plan does not allow it.",
  404: "it does not know the address; is it an image registry?",
  405: READ_ONLY,
  413: "the image is too large for it. Make the bundle smaller, or have the registry's limit raised.",
  415: NO_OCI,
  429: "of too many requests. Try again later.",
};

/** After how many seconds to try again where a registry with too many requests does not tell. */
export const RETRY_AFTER_S = 30;

type Refused = Pick<HttpResponse, "status" | "body">;

/**
 * A push that failed before its release was published, or whose publishing was refused: the contract's error for what
 * was thrown or answered. Throws again what is no failure of the wire, such as the contract's errors.
 */
export function pushFailed(name: string, cause: unknown): Error {
  if (cause instanceof UpstreamError && isRefusal(cause)) return refused(name, cause);
  if (cause instanceof UpstreamError) {
    const text = `the registry answered with HTTP status ${cause.status}. ${notPublished(name)} Try again.`;
    return new QuayCourierError(`Failed to push ${name}: ${text}`, quayResponse(cause), { cause });
  }
  const text = wireText(cause);
  if (text === undefined) throw cause;
  return new QuayCourierError(`Failed to push ${name}: ${text}. ${notPublished(name)}`, {}, { cause });
}

/** The same for what is no push. */
export function requestFailed(what: string, cause: unknown): Error {
  if (cause instanceof UpstreamError && isDenial(cause)) return denied(what, cause);
  if (cause instanceof UpstreamError && cause.status === 429)
    return new QuayPackageError(
      `The registry refused to ${what}, because of too many requests (HTTP status 429). Try again later.`,
      { cause, ...tryLater(cause) },
    );
  if (cause instanceof AddressError)
    return new QuayPackageError(`Cannot ${what}: ${cause.message}.`, { cause });
  return packageError(what, cause);
}

/** Of this release alone: others of the same request may be there. */
function notPublished(name: string): string {
  return `The release ${name} was not published.`;
}

/** After 429, what tells the caller when to come back. */
function tryLater({ status, retryAfterMs }: UpstreamError): { headers?: Readonly<Record<string, string>> } {
  if (status !== 429) return {};
  return { headers: { "retry-after": String(retryAfterMs / 1000 || RETRY_AFTER_S) } };
}

function refused(name: string, cause: UpstreamError): Error {
  if (cause.status === 409) return releaseExists(name, quayResponse(cause));
  const isQuota = errorsOf(cause).some(({ message = "" }) => /quota/i.test(message));
  if (isDenial(cause) && !isQuota) return denied(`push ${name}`, cause);
  const text = isQuota ? "the organization's quota is used up." : textFor(cause);
  return new QuayCourierError(
    `Failed to push ${name}: the registry refused, because ${text} ${notPublished(name)}`,
    quayResponse(cause),
    { cause, ...tryLater(cause) },
  );
}

/** The status where it tells more than the code, which for 415 is MANIFEST_INVALID and for 405 DENIED. */
function textFor(answer: Refused): string {
  const byCode = errorsOf(answer).map(({ code }) => TEXTS_BY_CODE[code]);
  const texts = answer.status === 415 ? [NO_OCI] : [...byCode, TEXTS_BY_STATUS[answer.status]];
  return texts.find((text) => text !== undefined) ?? `of HTTP status ${answer.status}; see quay_response.`;
}

function wireText(cause: unknown): string | undefined {
  if (cause instanceof AddressError) return cause.message;
  if (cause instanceof TimeoutError) return "the registry did not answer in time";
  return cause instanceof NetworkError ? "the registry gave no usable answer" : undefined;
}
