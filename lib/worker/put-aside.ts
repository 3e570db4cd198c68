import type { OmpsError } from "../errors/index.ts";
import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";

/** Longest reason that a dead letter has, in characters: the attributes count to the message, and people read it. */
export const MAX_REASON = 1000;

/** What an attribute of SQS cannot have. */
const NOT_IN_ATTRIBUTES = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g;

/**
 * Sends a message that cannot be done to the dead letters, with the error and the reason as attributes; it is `done`
 * then, so that its group goes on. One that comes from the dead letters is left there, as is every message where
 * there is no queue of them. Where it cannot be sent, it is tried again.
 */
export async function putAside(message: QueueMessage, error: OmpsError): Promise<Disposition> {
  const { app, record, log, afterwards } = message;
  const { deadLetters } = app;
  if (!record || !deadLetters || deadLetters.hasArn(record.eventSourceARN)) return "leave";
  const { messageId, body } = record;
  const letter = {
    body,
    // One that is never done would keep back those behind it, and among what was put aside no order is left.
    group: messageId,
    deduplicationId: messageId,
    attributes: {
      error: error.error,
      reason: error.message.replaceAll(NOT_IN_ATTRIBUTES, "?").slice(0, MAX_REASON),
      message_id: messageId,
      tries: String(message.tries),
    },
  };
  try {
    await deadLetters.send(letter, afterwards);
  } catch (cause) {
    log.error("The push cannot be put aside", { cause });
    return "retry";
  }
  log.warn("Push put aside", { error_id: error.error, reason: error.message, tries: message.tries });
  return "done";
}
