import { asOmpsError } from "../api/index.ts";
import {
  BusyError,
  ConfigurationError,
  type OmpsError,
  OperationNotFoundError,
  ReleaseExistsError,
  UploadExpiredError,
} from "../errors/index.ts";
import { MAX_TRIES } from "../messaging/index.ts";
import { isLost, lost, type Operation, Operations, type StoredOperation } from "../operations/index.ts";
import { type GiveBack, type Pushed, pushArchive, pushBuild } from "../publish/index.ts";
import { TokenCipher, TokenCipherError } from "../secrets/index.ts";
import type { Secret } from "../telemetry/index.ts";
import type { Disposition } from "./consumer.ts";
import type { QueueMessage } from "./message.ts";
import { OperationRun } from "./operation-run.ts";
import { announce } from "./outcome-event.ts";
import { postpone } from "./postpone.ts";
import { publisherOf } from "./push-publisher.ts";
import { putAside } from "./put-aside.ts";
import { logDone, logFailed } from "./request-end.ts";

/**
 * How long an operation that failed for the first time waits, in seconds; three times as long after each further try. Its
 * caller waits, and all waits together are below the 15 minutes for which a push that was begun is known.
 */
export const FIRST_OPERATION_PAUSE_S = 15;

type Ended = Pick<OperationRun, "id" | "operation">;

/**
 * Does a push that its caller does not wait for, with the caller's own token. What may pass is tried again; how it ended is
 * kept for the caller, so that a failure is no dead letter. Only what nobody can be told about is put aside.
 */
export async function takeOperation(message: QueueMessage, id: string): Promise<Disposition> {
  const operations = operationsOf(message);
  if (!operations) return putAside(message, notFound(id));
  try {
    const found = await operations.find(id);
    if (!found) return putAside(message, notFound(id));
    if (found.operation.ended !== undefined) return "done";
    if (isLost(found, message.app.now()) || isAside(message))
      return await giveUp(message, operations, id, found);
    const run = await OperationRun.begin(operations, id, found, {
      timer: message.app.timer,
      last: isLast(message),
    });
    // Somebody else has it: the queue asks again whether it has ended.
    return run ? await work(message, operations, run) : "retry";
  } catch (cause) {
    message.log.error("The operation cannot be read or written", { operation: id, cause });
    return postpone(message, pauseOf(message));
  }
}

async function work(message: QueueMessage, operations: Operations, run: OperationRun): Promise<Disposition> {
  const { journal } = message;
  const { organization, repository, version, nvr } = run.operation.push;
  journal.about({ organization, repository, version, nvr });
  journal.follow((step) => run.tell(step));
  let giveBack: GiveBack = async () => {};
  const afterwards = (later: GiveBack) => {
    giveBack = later;
  };
  let pushed: Pushed;
  try {
    pushed = await message.deadline.hold(push(message, operations, run, afterwards));
  } catch (error) {
    return failed(message, operations, run, asOmpsError(error));
  }
  // Killed in between, or with an end that could not be kept, the next try must find what was begun.
  const kept = await run.end("succeeded", pushed).catch((cause: unknown) => {
    message.log.warn("The end of an operation could not be kept", { operation: run.id, cause });
    return false;
  });
  await giveBack(kept);
  if (!kept) return postpone(message, pauseOf(message));
  await removeArchive(message, operations, run);
  const { repo, version: published, images } = pushed;
  const about = { organization, repository: repo, version: published, images, nvr, operation: run.id };
  await announce(message, "omps.release.published", about);
  logDone(message);
  return "done";
}

async function push(
  message: QueueMessage,
  operations: Operations,
  { id, operation }: OperationRun,
  afterwards: (giveBack: GiveBack) => void,
): Promise<Pushed> {
  const token = await tokenOf(message, id, operation);
  const lock = { afterwards, keepsDoubtful: true };
  const publisher = publisherOf(message, operation.push.organization, token, lock);
  const { nvr, archive: _, ...target } = operation.push;
  if (nvr !== undefined) return pushBuild(publisher, { ...target, nvr });
  return pushArchive(publisher, { ...target, ...(await archiveOf(message, operations, operation)) });
}

async function tokenOf({ app, afterwards }: QueueMessage, id: string, { token }: Operation): Promise<Secret> {
  if (token === undefined || !app.tokenKey)
    throw new ConfigurationError("The token of the push is gone. Nothing was pushed; push again.");
  return new TokenCipher(afterwards, app.tokenKey).decrypt(token, id).catch((cause: unknown) => {
    if (cause instanceof TokenCipherError && !cause.passing)
      throw new ConfigurationError(
        "The token of the push cannot be decrypted. Nothing was pushed; tell an administrator.",
        { cause },
      );
    throw new BusyError("The token of the push could not be decrypted. Nothing was pushed; try again.", {
      cause,
    });
  });
}

async function archiveOf({ app, journal }: QueueMessage, operations: Operations, operation: Operation) {
  const { max_unpacked_bytes: maxUnpackedBytes = 0 } = operation.push.archive ?? {};
  const { upload_max_size, max_content_length } = app.config;
  const maxBytes = Math.max(upload_max_size, max_content_length);
  const read = () => operations.archive(operation, maxBytes);
  const archive = await journal.step("fetch_archive", read).catch((cause: unknown) => {
    throw new BusyError("The archive could not be read from S3. Nothing was pushed; try again.", { cause });
  });
  if (archive) return { archive, maxUnpackedBytes };
  throw new UploadExpiredError("The archive is gone, before it was pushed. Send it again.");
}

async function failed(
  message: QueueMessage,
  operations: Operations,
  run: OperationRun,
  error: OmpsError,
): Promise<Disposition> {
  const mayPass = error.status >= 500 && !(error instanceof ReleaseExistsError) && !isLast(message);
  logFailed(message, error, { operation: run.id });
  if (mayPass) {
    await run.postpone();
    return postpone(message, pauseOf(message));
  }
  // As an answer to a request would tell it.
  const told = error.status < 500 ? error.message : `${error.message} Request ID: ${idOf(message)}.`;
  if (!(await run.end("failed", error.body(told)))) return "retry";
  await tellFailure(message, operations, run, error);
  return "done";
}

/** What its caller was told has failed is not done any more. */
async function giveUp(
  message: QueueMessage,
  operations: Operations,
  id: string,
  found: StoredOperation,
): Promise<Disposition> {
  const error = lost(found.operation);
  if (!(await operations.end(id, found, "failed", error.body()))) return "retry";
  logFailed(message, error, { operation: id });
  await tellFailure(message, operations, { id, operation: found.operation }, error);
  return "done";
}

async function tellFailure(
  message: QueueMessage,
  operations: Operations,
  { id, operation }: Ended,
  error: OmpsError,
): Promise<void> {
  const { organization, version, nvr } = operation.push;
  await removeArchive(message, operations, { id, operation });
  await announce(message, "omps.release.failed", {
    organization,
    version,
    nvr,
    operation: id,
    error: error.error,
    reason: error.message,
    message_id: idOf(message),
  });
}

/** The bucket removes it some day too. */
async function removeArchive(
  { log }: QueueMessage,
  operations: Operations,
  { id, operation }: Ended,
): Promise<void> {
  await operations
    .removeArchive(id, operation)
    .catch((cause: unknown) => log.warn("An archive could not be removed", { operation: id, cause }));
}

function operationsOf({ app, records, archives }: QueueMessage): Operations | undefined {
  if (!records || !archives || !app.tokenKey) return undefined;
  return new Operations({ records, archives, now: app.now });
}

/** Whether SQS puts the message aside when it is not done now. */
function isLast({ tries }: QueueMessage): boolean {
  return tries >= MAX_TRIES;
}

function isAside({ app, record }: QueueMessage): boolean {
  return record !== undefined && app.deadLetters?.hasArn(record.eventSourceARN) === true;
}

function pauseOf({ tries }: QueueMessage): number {
  return FIRST_OPERATION_PAUSE_S * 3 ** (tries - 1);
}

function idOf({ record }: QueueMessage): string {
  return record?.messageId ?? "none";
}

function notFound(id: string): OperationNotFoundError {
  return new OperationNotFoundError(`There is no operation ${id}, or none that can be read.`);
}
