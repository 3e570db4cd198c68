import { outcomeOf } from "../api/index.ts";
import type { OmpsError } from "../errors/index.ts";
import type { LogFields } from "../telemetry/index.ts";
import type { QueueMessage } from "./message.ts";

/** Ends the journal of a push that worked. */
export function logDone(message: QueueMessage): void {
  message.log.info("Request answered", message.close({ status: 200, outcome: "ok" }));
}

/** Ends the journal of a push that did not. */
export function logFailed(message: QueueMessage, error: OmpsError, more: LogFields): void {
  const ending = { status: error.status, outcome: outcomeOf(error), errorId: error.error };
  const fields = { ...message.close(ending), tries: message.tries, ...more, reason: error.message };
  if (error.isRefusal) message.log.info("Request refused", fields);
  else message.log.error("Request failed", { ...fields, cause: error.cause });
}
