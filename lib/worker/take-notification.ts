import { asOmpsError } from "../api/index.ts";
import { KojiBuildNotFoundError, KojiNotAnOperatorImageError } from "../errors/index.ts";
import { KojiHub } from "../koji/index.ts";
import {
  type FanOut,
  fanOut,
  type NotificationOutcome,
  type QueuedJob,
  TagNotListedError,
} from "../notify/index.ts";
import type { LogFields } from "../telemetry/index.ts";
import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";

/**
 * At which try a build that Koji does not have, or not yet as complete or with its tag, is given up: Koji sends its
 * notification after it has stored the build, but the hub that is asked may be a copy that lags. Tries in which the
 * hub could not be asked count too, so there are as many as the queue has.
 */
export const MAX_LOOKUPS = 5;

/** What a notification can come to here, for its metric. */
type Counted = NotificationOutcome | "not-found" | "not-found-yet" | "failed";

/** Queues the pushes that a notification asks for, or drops it. Each time counts as a value of `Notifications`. */
export async function takeNotification(message: QueueMessage): Promise<Disposition> {
  try {
    const outcome = await message.deadline.hold(fanOut(toolsOf(message), message.content));
    const unreadable = outcome === "malformed" || outcome === "too-large";
    const text = outcome === "matched" ? "Notification matched" : "Notification dropped";
    message.log[unreadable ? "warn" : "info"](text, ended(message, outcome));
    return "done";
  } catch (error) {
    if (error instanceof KojiBuildNotFoundError || error instanceof TagNotListedError)
      return notFound(message, error);
    if (error instanceof KojiNotAnOperatorImageError) {
      message.log.info("Notification dropped", ended(message, "not-an-operator"));
      return "done";
    }
    const { message: reason, cause } = asOmpsError(error);
    message.log.error("Notification failed", { ...ended(message, "failed"), reason, cause });
    return "retry";
  }
}

/** A single event of EventBridge, which no queue keeps for later, is asked for once. */
function notFound(message: QueueMessage, { message: reason }: Error): Disposition {
  const again = message.record !== undefined && message.tries < MAX_LOOKUPS;
  const fields = ended(message, again ? "not-found-yet" : "not-found");
  message.log.info(again ? "Notification postponed" : "Notification dropped", { ...fields, reason });
  return again ? "retry" : "done";
}

function ended(message: QueueMessage, outcome: Counted): LogFields {
  message.app.metrics.put({ Notifications: 1 }, { outcome });
  const { status: _, ...fields } = message.close({ status: 200, outcome: "ok" });
  return { ...fields, outcome, tries: message.tries };
}

function toolsOf({ app, http, journal }: QueueMessage): FanOut {
  const send = async ({ job, group, deduplicationId }: QueuedJob) => {
    const { pushes } = app;
    if (!pushes) throw new Error("no queue of pushes is named");
    const queued = { body: JSON.stringify(job), group, deduplicationId };
    await pushes.send(queued, http);
  };
  return {
    rules: app.config.notifications.rules,
    hub: new KojiHub(http, app.config.kojihub_url),
    journal,
    send,
  };
}
