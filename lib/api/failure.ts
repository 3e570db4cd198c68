import { InternalServerError, OmpsError, ReleaseExistsError } from "../errors/index.ts";
import type { Outcome } from "../telemetry/index.ts";

/** What was thrown, as an error that the contract names; anything else is a defect of ours. */
export function asOmpsError(error: unknown): OmpsError {
  return error instanceof OmpsError ? error : new InternalServerError("The server failed.", { cause: error });
}

/** How a request or message that failed so has ended, for its journal. */
export function outcomeOf(error: OmpsError): Outcome {
  if (error instanceof ReleaseExistsError) return "exists";
  return error.isRefusal ? "refused" : "failed";
}
