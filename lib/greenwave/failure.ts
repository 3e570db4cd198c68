import { GreenwaveError } from "../errors/index.ts";
import { answerObject, NetworkError, TimeoutError, UpstreamError } from "../http/index.ts";

/**
 * The one table from what went wrong on the way to Greenwave to the contract.
 *
 * @param what the work that failed, as in "get the decision on a-1-1"
 */
export function greenwaveFailure(what: string, cause: unknown): GreenwaveError {
  if (cause instanceof TimeoutError)
    return new GreenwaveError(`Greenwave did not answer in time: cannot ${what}. Try again.`, {}, { cause });
  if (cause instanceof NetworkError)
    return new GreenwaveError(`Greenwave gave no usable answer: cannot ${what}. Try again.`, {}, { cause });
  if (cause instanceof UpstreamError) {
    const text = `Greenwave answered with HTTP status ${cause.status}: cannot ${what}. ${advice(cause)}`;
    return new GreenwaveError(text, answerObject(cause), { cause });
  }
  throw cause;
}

/** Greenwave has 404 also for a question to which no policy applies. */
function advice({ status }: UpstreamError): string {
  return status < 500
    ? "The address, context and product_version that are configured for Greenwave may be wrong."
    : "Try again.";
}
