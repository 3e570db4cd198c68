import { randomBytes } from "node:crypto";
import { organizationSettings } from "../config/index.ts";
import {
  BusyError,
  ConfigurationError,
  KojiBuildNotFoundError,
  RequestEntityTooLargeError,
} from "../errors/index.ts";
import { nameOfNvr } from "../koji/index.ts";
import { groupOf, type OperationJob } from "../notify/index.ts";
import {
  archiveOf,
  type NewOperation,
  OPERATION_LIFE_MS,
  type OperationPush,
  Operations,
  type StoredOperation,
} from "../operations/index.ts";
import { checkVersion, packageNameOf } from "../publish/index.ts";
import type { Registry } from "../release/index.ts";
import { MAX_TOKEN_BYTES, TokenCipher, TokenCipherError } from "../secrets/index.ts";
import { Answer } from "./answer.ts";
import type { GivenArchive } from "./given-archive.ts";
import { hashOf, parseKey } from "./idempotency.ts";
import type { ApiRequest } from "./request.ts";

/** After so many seconds a caller may ask how an operation goes. */
export const ASK_AGAIN_S = 2;

/** Which part of the time that is left SQS may take for a message: in the rest, one that may not be sent is taken back. */
const SENDING = 1 / 2;

/** A part of `Prefer` (RFC 7240). */
const RESPOND_ASYNC = /(^|,)\s*respond-async\s*(;|,|$)/i;

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
  const make = async (id: string) => ({
    id,
    caller,
    token: await cipherOf(request).encrypt(token, id),
    ...planned(id),
  });
  try {
    const { id, stored } = await begin(request, operations, make);
    if (stored.operation.tries === 0 && stored.operation.ended === undefined) {
      const group = groupOf(organization, name);
      const sent = await send(request, { operation: id }, group, stored).catch((cause: unknown) =>
        withdraw(request, operations, { id, stored }, cause),
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

interface Begun {
  readonly id: string;
  readonly stored: StoredOperation;
}

/** Keeps what is asked for; gives what there is where the request came before. */
async function begin(
  request: ApiRequest,
  operations: Operations,
  make: (id: string) => Promise<NewOperation>,
): Promise<Begun> {
  const create = async (id: string, replaces?: StoredOperation): Promise<Begun> => {
    const created = await operations.create(await make(id), replaces?.tag);
    const stored = created ?? (await operations.find(id));
    if (stored) return { id, stored };
    throw new Error(`operations/${id} is not to be had`);
  };
  const id = idOf(request);
  if (id === undefined) return create(newId());
  const found = await operations.find(id);
  // The key of a request is free again after a day.
  if (found && isOld(found, request.app.now())) return create(newId());
  // One that has ended before it was begun could not be queued: it is asked for anew.
  const anew = !found || (found.operation.ended !== undefined && found.operation.tries === 0);
  return anew ? create(id, found) : { id, stored: found };
}

function kindOf({ app }: ApiRequest, { organization }: Pick<Target, "organization">): Registry["kind"] {
  return organizationSettings(app.config, organization).target;
}

/** What was asked for anew, SQS must not take for what it had before. */
async function send(
  { app, http, deadline }: ApiRequest,
  job: OperationJob,
  group: string,
  { operation: { created } }: StoredOperation,
): Promise<void> {
  const deduplicationId = `${job.operation}-${created}`;
  const message = { body: JSON.stringify(job), group, deduplicationId };
  await app.pushes?.send(message, http.within(deadline.left * SENDING));
}

/**
 * Ends an operation whose message may not have been sent. Where a worker has it already, it was, and all is well: then
 * nothing is given.
 *
 * @throws BusyError where it cannot be ended: then it may be done
 */
async function withdraw(
  { log }: ApiRequest,
  operations: Operations,
  { id, stored }: Begun,
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
  // The bucket removes it some day too.
  await operations
    .removeArchive(id, stored.operation)
    .catch((why: unknown) => log.warn("An archive could not be removed", { operation: id, cause: why }));
  return failure;
}

function accepted(id: string, { operation: { status, created } }: StoredOperation): Answer {
  const body = { id, status, created: new Date(created).toISOString() };
  return new Answer(202, body, {
    location: `/v2/operations/${id}`,
    "preference-applied": "respond-async",
    "retry-after": String(ASK_AGAIN_S),
  });
}

/**
 * With an Idempotency-Key the same for the same request: what a killed one has queued is not queued twice, and another
 * request meets nothing of it. Undefined without a key.
 */
function idOf(request: ApiRequest): string | undefined {
  const key = request.header("idempotency-key");
  if (key === undefined) return undefined;
  const asked = [request.authorization().reveal(), parseKey(key), hashOf(request)];
  const half = (which: string) => request.app.fingerprint(["operation", which, ...asked].join("\n"));
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

function operationsOf({ app, records, archives }: ApiRequest): Operations {
  if (!records || !archives) throw new Error("this deployment has no operations");
  return new Operations({ records, archives, now: app.now });
}

function cipherOf({ app, http }: ApiRequest): TokenCipher {
  if (!app.tokenKey) throw new Error("this deployment has no operations");
  return new TokenCipher(http, app.tokenKey);
}

/** What could not be done, and changed nothing. */
export function busy(what: string, cause: unknown): BusyError {
  return new BusyError(`${what} Nothing was changed; try again.`, {
    cause,
    headers: { "retry-after": "5" },
  });
}
