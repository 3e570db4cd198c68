import {
  type JsonObject,
  QuayAuthorizationError,
  QuayPackageError,
  QuayPackageNotFoundError,
} from "../errors/index.ts";
import { answerObject, type HttpResponse, NetworkError, TimeoutError, UpstreamError } from "../http/index.ts";

/** Most bytes of an answer of Quay's that is shown to a caller. Lambda lets no answer over 6 MB out. */
export const MAX_QUAY_RESPONSE_BYTES = 1024 * 1024;

/** The contract's `quay_response`: the object that Quay answered with; empty where it is none, or too long. */
export function quayResponse(answer: Pick<HttpResponse, "body">): JsonObject {
  return answer.body.length > MAX_QUAY_RESPONSE_BYTES ? {} : (answerObject(answer) ?? {});
}

export function isDenial({ status }: Pick<HttpResponse, "status">): boolean {
  return status === 401 || status === 403;
}

/**
 * Reads cannot tell a bad token from one without the right, nor a private package from an unknown one:
 * Quay takes bad credentials for an anonymous caller.
 */
export function denied(
  what: string,
  response: Pick<HttpResponse, "status" | "body">,
): QuayAuthorizationError {
  return new QuayAuthorizationError(
    `Quay does not let this token ${what} (HTTP status ${response.status}): the token is wrong, or has no right to do it. Check the Authorization header.`,
    quayResponse(response),
  );
}

/** The one table from what went wrong on the way to Quay to the contract, for all but a push. */
export function packageError(what: string, cause: unknown): QuayPackageError {
  if (cause instanceof TimeoutError)
    return new QuayPackageError(`Quay did not answer in time: cannot ${what}. Try again.`, { cause });
  if (cause instanceof NetworkError)
    return new QuayPackageError(`Quay gave no usable answer: cannot ${what}. Try again.`, { cause });
  if (cause instanceof UpstreamError)
    return new QuayPackageError(`Quay answered with HTTP status ${cause.status}: cannot ${what}.`, { cause });
  throw cause;
}

export function packageNotFound(name: string): QuayPackageNotFoundError {
  return new QuayPackageNotFoundError(`Quay does not know ${name}, or does not show it to this token.`);
}
