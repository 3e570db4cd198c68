import { asOmpsError } from "../api/index.ts";
import { MessageFormatError, type OmpsError, ReleaseExistsError } from "../errors/index.ts";
import { MAX_TRIES } from "../messaging/index.ts";
import { type PushJob, readJob } from "../notify/index.ts";
import { pushBuild } from "../publish/index.ts";
import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";
import { announce } from "./outcome-event.ts";
import { postpone } from "./postpone.ts";
import { pushPublisher } from "./push-publisher.ts";
import { putAside } from "./put-aside.ts";
import { logDone, logFailed } from "./request-end.ts";
import { takeOperation } from "./take-operation.ts";

/**
 * How long a push that failed for the first time waits, in seconds; three times as long after each further try. Quay may
 * work for 90 s on a push that was given up, and what it has published only then is found.
 */
export const FIRST_PAUSE_S = 120;

/**
 * Does a push that was queued: one that a caller does not wait for, or that a notification asked for. Of the latter, what may
 * pass is tried again, later each time; what cannot pass, and what failed MAX_TRIES times, is put aside with the reason
 * and counts as done. A build that is published already is a success.
 */
export async function takePush(message: QueueMessage): Promise<Disposition> {
  const job = readJob(String(message.content));
  if (job && "operation" in job) return takeOperation(message, job.operation);
  try {
    if (!job) throw new MessageFormatError("The message is no push that OMPS has queued.");
    await push(message, job);
  } catch (error) {
    return failed(message, job, asOmpsError(error));
  }
  logDone(message);
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
    images: pushed.images,
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
  const pause = FIRST_PAUSE_S * 3 ** (message.tries - 1);
  const disposition = mayPass ? await postpone(message, pause) : await putAside(message, error);
  if (disposition === "done") await announceFailure(message, job, error);
  logFailed(message, error, { rule: job?.rule });
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
