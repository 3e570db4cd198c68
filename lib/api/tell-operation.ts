import { OperationNotFoundError } from "../errors/index.ts";
import {
  END_LIFE_MS,
  isLost,
  lost,
  Operations,
  type StoredOperation,
  shownOperation,
} from "../operations/index.ts";
import { Answer } from "./answer.ts";
import type { ApiRequest } from "./request.ts";
import { ASK_AGAIN_S, busy } from "./respond-async.ts";

const ID = /^[0-9a-f]{32}$/;

/**
 * Tells its caller about an operation, and ends it where it is lost.
 *
 * @throws OperationNotFoundError for what is not there, or another caller's
 * @throws BusyError where S3 does not work
 */
export async function tellOperation(request: ApiRequest): Promise<Answer> {
  const { app, records, archives } = request;
  const caller = request.caller();
  const id = request.operation();
  const now = app.now();
  if (!records || !archives || !ID.test(id)) throw notFound();
  const operations = new Operations({ records, archives, now: app.now });
  const found = await operations.find(id).catch((cause: unknown) => {
    throw busy("The operation could not be looked up.", cause);
  });
  const ended = found?.operation.ended;
  if (found?.operation.caller !== caller || (ended !== undefined && now - ended >= END_LIFE_MS))
    throw notFound();
  const told = isLost(found, now) ? await endLost(request, operations, id, found) : found;
  const shown = shownOperation(id, told, now);
  const wait = shown["status"] === "queued" || shown["status"] === "running";
  return new Answer(200, shown, {
    "cache-control": "no-store",
    ...(wait && { "retry-after": String(ASK_AGAIN_S) }),
  });
}

/** Nobody else may be left to do it, and its token must not stay. That it cannot be ended changes nothing of what is told. */
async function endLost(
  { log }: ApiRequest,
  operations: Operations,
  id: string,
  found: StoredOperation,
): Promise<StoredOperation> {
  try {
    const ended = await operations.end(id, found, "failed", lost(found.operation).body());
    // Somebody else was faster.
    if (!ended) return (await operations.find(id)) ?? found;
    await operations.removeArchive(id, ended.operation);
    return ended;
  } catch (cause) {
    log.warn("A lost operation could not be ended", { operation: id, cause });
    return found;
  }
}

function notFound(): OperationNotFoundError {
  return new OperationNotFoundError(
    "There is no such operation of this token; the end of one is told for 24 hours.",
  );
}
