import { asOmpsError, outcomeOf } from "../api/index.ts";
import { MessageFormatError, type OmpsError, ReleaseExistsError } from "../errors/index.ts";
import { type PushJob, readJob } from "../notify/index.ts";
import { pushBuild } from "../publish/index.ts";
import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";
import { announce } from "./outcome-event.ts";
import { pushPublisher } from "./push-publisher.ts";
import { putAside } from "./put-aside.ts";

/** How often a push is tried; the queue itself puts aside what was handed out more often. */
export const MAX_TRIES = 5;

/**
 * How long a push that failed for the first time waits, in seconds; three times as long after each further try. Quay may
 * work for 90 s on a push that was given up, and what it has published only then is found.
 */
export const FIRST_PAUSE_S = 120;

/**
 * Does a push that a notification asked for. What may pass is tried again, later each time; what cannot pass, and
 * what failed MAX_TRIES times, is put aside with the reason and counts as done. A build that is published already
 * is a success.
 */
export async function takePush(message: QueueMessage): Promise<Disposition> {
  const job = readJob(String(message.content));
  try {
    if (!job) throw new MessageFormatError("The message is no push that OMPS has queued.");
    await push(message, job);
  } catch (error) {
    return failed(message, job, asOmpsError(error));
  }
  message.log.info("Request answered", message.close({ status: 200, outcome: "ok" }));
  return "done";
}

async function push(message: QueueMessage, job: PushJob): Promise<void> {
  const { organization, nvr, version, build_id, rule } = job;
  message.journal.about({ organization, nvr, version });
  const work = pushPublisher(message, organization).then((publisher) =>
    pushBuild(publisher, { organization, nvr, version, unlessPublished: true }),
  );
  const pushed = await message.deadline.hold(work);
  await announce(message, "omps.release.published", {
    organization,
    repository: pushed.repo,
    version: pushed.version,
    nvr: pushed.nvr,
    build_id,
    rule,
  });
}

async function failed(
  message: QueueMessage,
  job: PushJob | undefined,
  error: OmpsError,
): Promise<Disposition> {
  const passing = error.status >= 500 && !(error instanceof ReleaseExistsError);
  const mayPass = passing && message.tries < MAX_TRIES;
  const disposition = mayPass ? await postpone(message) : await putAside(message, error);
  if (disposition === "done") await announceFailure(message, job, error);
  const ending = { status: error.status, outcome: outcomeOf(error), errorId: error.error };
  const fields = { ...message.close(ending), tries: message.tries, rule: job?.rule, reason: error.message };
  if (error.isRefusal) message.log.info("Request refused", fields);
  else message.log.error("Request failed", { ...fields, cause: error.cause });
  return disposition;
}

function announceFailure(message: QueueMessage, job: Partial<PushJob> = {}, error: OmpsError): Promise<void> {
  const { organization, version, nvr, build_id, rule } = job;
  return announce(message, "omps.release.failed", {
    organization,
    version,
    nvr,
    build_id,
    rule,
    error: error.error,
    reason: error.message,
    message_id: message.record?.messageId,
  });
}

/** Where it fails, the message waits for as long as the queue hides it anyway. */
async function postpone({ app, record, tries, log, journal, end }: QueueMessage): Promise<Disposition> {
  const { pushes } = app;
  if (!record || !pushes?.hasArn(record.eventSourceARN)) return "retry";
  const seconds = FIRST_PAUSE_S * 3 ** (tries - 1);
  await journal
    .call("sqs", () => pushes.hide(record.receiptHandle, seconds, end.signal))
    .catch((cause: unknown) => log.warn("The push cannot be postponed", { seconds, cause }));
  return "retry";
}
