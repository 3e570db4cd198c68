import { randomBytes } from "node:crypto";
import { organizationSettings } from "../config/index.ts";
import {
  BusyError,
  ConfigurationError,
  KojiBuildNotFoundError,
  OperationNotFoundError,
  RequestEntityTooLargeError,
} from "../errors/index.ts";
import { nameOfNvr } from "../koji/index.ts";
import { groupOf, type OperationJob } from "../notify/index.ts";
import {
  archiveOf,
  END_LIFE_MS,
  findOperation,
  OPERATION_LIFE_MS,
  type OperationPush,
  Operations,
  type StoredOperation,
  shownOperation,
} from "../operations/index.ts";
import { checkVersion, packageNameOf } from "../publish/index.ts";
import type { Registry } from "../release/index.ts";
import { MAX_TOKEN_BYTES, TokenCipher, TokenCipherError } from "../secrets/index.ts";
import { Answer } from "./answer.ts";
import { Deadline } from "./deadline.ts";
import type { GivenArchive } from "./given-archive.ts";
import type { ApiRequest } from "./request.ts";

/** After so many seconds a caller may ask how an operation goes. */
const ASK_AGAIN_S = 2;

/**
 * How long SQS may take for a message, in milliseconds; it needs some 20. What is left of the request's time is for taking
 * back what may not have been sent.
 */
const SEND_MS = 5000;

/** A part of `Prefer` (RFC 7240). */
const RESPOND_ASYNC = /(^|,)\s*respond-async\s*(;|,|$)/i;

const ID = /^[0-9a-f]{32}$/;

type Target = Pick<OperationPush, "organization" | "repository" | "version">;

/** Whether the caller prefers not to wait. A deployment without queue, bucket and key does not heed that. */
export function prefersAsync(request: ApiRequest): boolean {
  const { bucket, pushes, tokenKey } = request.app;
  const able = bucket !== undefined && pushes !== undefined && tokenKey !== undefined;
  return able && RESPOND_ASYNC.test(request.header("prefer") ?? "");
}

/**
 * Queues the push of an archive, once it can be unpacked and its package has a name.
 *
 * @throws the errors of the contract for what is wrong with the request, BusyError where it cannot be queued
 */
export async function queueArchive(
  request: ApiRequest,
  target: Target,
  { archive, maxUnpackedBytes, key }: GivenArchive,
): Promise<Answer> {
  const name = await request.journal.step("unpack", () =>
    packageNameOf(archive, maxUnpackedBytes, kindOf(request, target)),
  );
  return queuePush(request, target.repository ?? name, target, (id) => ({
    push: { ...target, archive: { key: key ?? archiveOf(id), max_unpacked_bytes: maxUnpackedBytes } },
    ...(key === undefined && { content: archive }),
  }));
}

/** Queues the push of a build. Throws as `queueArchive`. */
export async function queueBuild(request: ApiRequest, target: Target, nvr: string): Promise<Answer> {
  const name = nameOfNvr(nvr);
  if (name === undefined)
    throw new KojiBuildNotFoundError(
      `${JSON.stringify(nvr.slice(0, 100))} is no NVR; expected <name>-<version>-<release>.`,
    );
  return queuePush(request, name, target, () => ({ push: { ...target, nvr } }));
}

/**
 * Tells its caller about an operation.
 *
 * @throws OperationNotFoundError for what is not there, or another caller's
 * @throws BusyError where S3 does not work
 */
export async function tellOperation(request: ApiRequest): Promise<Answer> {
  const caller = request.caller();
  const id = request.operation();
  const now = request.app.now();
  const records = ID.test(id) ? request.records : undefined;
  const found = await (records && findOperation(records, id))?.catch((cause: unknown) => {
    throw busy("The operation could not be looked up.", cause);
  });
  const ended = found?.operation.ended;
  if (found?.operation.caller !== caller || (ended !== undefined && now - ended >= END_LIFE_MS))
    throw new OperationNotFoundError(
      "There is no such operation of this token; the end of one is told for 24 hours.",
    );
  const shown = shownOperation(id, found, now);
  const wait = shown["status"] === "queued" || shown["status"] === "running";
  return new Answer(200, shown, {
    "cache-control": "no-store",
    ...(wait && { "retry-after": String(ASK_AGAIN_S) }),
  });
}

async function queuePush(
  request: ApiRequest,
  name: string,
  { organization, version }: Target,
  planned: (id: string) => { push: OperationPush; content?: Buffer },
): Promise<Answer> {
  // That of a bundle is compared with its manifests.
  if (version !== undefined && kindOf(request, { organization }) === "appregistry") checkVersion(version);
  const token = checkLength(request);
  const caller = request.caller();
  const operations = operationsOf(request);
  const create = async (id: string) => {
    const stored = await operations.create({ id, caller, token, ...planned(id) });
    return { id, stored: stored ?? (await operations.find(id)) };
  };
  try {
    let begun = await create(idOf(request));
    // The key of a request is free again after a day.
    if (!begun.stored || isOld(begun.stored, request.app.now())) begun = await create(newId());
    const { id, stored } = begun;
    if (!stored) throw new Error(`operations/${id} is not to be had`);
    if (stored.operation.tries === 0 && stored.operation.ended === undefined) {
      const sent = await send(request, { operation: id }, groupOf(organization, name)).catch(
        (cause: unknown) => withdraw(operations, id, stored, cause),
      );
      if (sent instanceof Error) throw sent;
    }
    return accepted(id, stored);
  } catch (cause) {
    if (cause instanceof BusyError) throw cause;
    if (cause instanceof TokenCipherError && !cause.passing)
      throw new ConfigurationError(
        "The token of the push cannot be encrypted. Nothing was changed; tell an administrator.",
        { cause },
      );
    throw busy("The push could not be queued.", cause);
  }
}

function kindOf({ app }: ApiRequest, { organization }: Pick<Target, "organization">): Registry["kind"] {
  return organizationSettings(app.config, organization).target;
}

function send(request: ApiRequest, job: OperationJob, group: string): Promise<void> {
  const { app, journal, deadline } = request;
  const time = new Deadline(Math.min(SEND_MS, deadline.left / 2), app.timer);
  const message = { body: JSON.stringify(job), group, deduplicationId: job.operation };
  return journal.call("sqs", async () => app.pushes?.send(message, time.signal)).finally(() => time.end());
}

/**
 * Ends an operation whose message may not have been sent. Where a worker has it already, it was, and all is well: then
 * nothing is given.
 *
 * @throws BusyError where it cannot be ended: then it may be done
 */
async function withdraw(
  operations: Operations,
  id: string,
  stored: StoredOperation,
  cause: unknown,
): Promise<Error | undefined> {
  const failure = cause instanceof Error ? cause : new Error("SQS failed", { cause });
  const error = busy("The push could not be queued.", cause);
  const ended = await operations.end(id, stored, "failed", error.body()).catch((why: unknown) => {
    throw new BusyError(
      `It is not known whether the push was queued. Ask for the operation ${id} before you push again.`,
      { cause: why },
    );
  });
  if (!ended) return undefined;
  return failure;
}

function accepted(id: string, { operation: { status, created } }: StoredOperation): Answer {
  const body = { operation: id, status, created: new Date(created).toISOString() };
  return new Answer(202, body, {
    location: `/v2/operations/${id}`,
    "preference-applied": "respond-async",
    "retry-after": String(ASK_AGAIN_S),
  });
}

/** With an Idempotency-Key always the same: what a killed request has queued is not queued twice. */
function idOf(request: ApiRequest): string {
  const key = request.header("idempotency-key");
  if (key === undefined) return newId();
  const half = (which: string) =>
    request.app.fingerprint(["operation", which, request.authorization().reveal(), key.trim()].join("\n"));
  return half("1") + half("2");
}

function newId(): string {
  return randomBytes(16).toString("hex");
}

function isOld({ operation }: StoredOperation, now: number): boolean {
  return now - operation.created >= OPERATION_LIFE_MS;
}

function checkLength(request: ApiRequest) {
  const token = request.authorization();
  const bytes = Buffer.byteLength(token.reveal());
  if (bytes <= MAX_TOKEN_BYTES) return token;
  throw new RequestEntityTooLargeError(
    `The Authorization header has ${bytes} bytes; with 'Prefer: respond-async' at most ${MAX_TOKEN_BYTES} are taken.`,
  );
}

function operationsOf({ app, http, records, archives }: ApiRequest): Operations {
  if (!records || !archives || !app.tokenKey) throw new Error("this deployment has no operations");
  return new Operations({ records, archives, cipher: new TokenCipher(http, app.tokenKey), now: app.now });
}

function busy(what: string, cause: unknown): BusyError {
  return new BusyError(`${what} Nothing was changed; try again.`, {
    cause,
    headers: { "retry-after": "5" },
  });
}
