import { createHash } from "node:crypto";
import * as z from "zod/mini";
import {
  BusyError,
  IdempotencyKeyReusedError,
  InProgressError,
  InvalidIdempotencyKeyError,
  OmpsError,
} from "../errors/index.ts";
import type { Records } from "../staging/index.ts";
import { Answer } from "./answer.ts";
import type { ApiRequest } from "./request.ts";

/** How long an answer is given again, in milliseconds. */
export const ANSWER_LIFE_MS = 24 * 60 * 60 * 1000;

/** After so long a request that has no answer is dead, in milliseconds: Lambda ends it at 30 s. */
export const RUNNING_MS = 40_000;

/** What a key may be: the draft's quoted string, or the same without quotes. */
const KEY = /^(?:"([\x20-\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

const answerSchema = z.object({
  status: z.number(),
  body: z.record(z.string(), z.unknown()),
  headers: z.record(z.string(), z.string()),
});

const recordSchema = z.object({
  /** What was asked for. */
  request: z.string(),
  /** Absent: it is being worked on. */
  answer: z.optional(answerSchema),
});

type StoredAnswer = z.output<typeof answerSchema>;

/**
 * Serves a request with the header `Idempotency-Key` once: asked for again within 24 hours, it gets the answer of the
 * first time (draft-ietf-httpapi-idempotency-key-header). Answers from 500 on are not kept: the next time may succeed,
 * and finishes what was begun.
 *
 * @throws InvalidIdempotencyKeyError for what is no key
 * @throws IdempotencyKeyReusedError where the key came with another request before
 * @throws InProgressError where that request is still being worked on
 * @throws BusyError where S3 does not work; nothing was done then
 */
export async function serveOnce(request: ApiRequest, serve: () => Promise<object>): Promise<object> {
  const given = request.header("idempotency-key");
  const authorization = request.header("authorization");
  const { records } = request;
  if (given === undefined || authorization === undefined || !records) return serve();
  const caller = request.app.fingerprint(authorization);
  const place = {
    records,
    key: `answers/${sha256(`${caller}\n${parseKey(given)}`)}`,
    request: hashOf(request),
  };
  const begun = await begin(place);
  if (begun instanceof Answer) return begun;
  return keepAnswer(place, begun, request, serve);
}

interface Place {
  readonly records: Records;
  readonly key: string;
  /** The hash of what is asked for. */
  readonly request: string;
}

/** Gives the tag of the record that says that we work on it, or the answer of the first time. */
async function begin({ records, key, request }: Place): Promise<string | Answer> {
  const running = JSON.stringify({ request });
  try {
    const created = await records.write(key, running);
    if (created !== undefined) return created;
    const found = await records.read(key);
    const record = recordSchema.safeParse(parseJson(found?.content)).data;
    const forgotten = !found || !record || found.age >= ANSWER_LIFE_MS;
    if (!forgotten && record.request !== request) throw reused();
    if (!forgotten && record.answer) return stored(record.answer);
    // A request that ended without an answer is done again: it may have been killed before it did anything.
    if (!forgotten && found.age < RUNNING_MS) return inUse();
    return (await records.write(key, running, found?.tag)) ?? inUse();
  } catch (cause) {
    if (cause instanceof OmpsError) throw cause;
    throw new BusyError("The Idempotency-Key could not be looked up. Nothing was changed; try again.", {
      cause,
      headers: { "retry-after": "5" },
    });
  }
}

async function keepAnswer(
  { records, key, request: asked }: Place,
  tag: string,
  request: ApiRequest,
  serve: () => Promise<object>,
): Promise<object> {
  const keep = async (answer: StoredAnswer | undefined): Promise<boolean> => {
    try {
      if (!answer) await records.remove(key, tag);
      else return (await records.write(key, JSON.stringify({ request: asked, answer }), tag)) !== undefined;
    } catch (cause) {
      request.log.warn("The answer to an Idempotency-Key could not be kept", { cause });
    }
    return false;
  };
  try {
    const served = await serve();
    const answer = served instanceof Answer ? served : new Answer(200, served);
    const { status, body, headers } = answer;
    await request.giveBack(await keep({ status, body: { ...body }, headers: { ...headers } }));
    return answer;
  } catch (error) {
    const final = error instanceof OmpsError && error.status < 500;
    await keep(
      final ? { status: error.status, body: { ...error.body() }, headers: error.headers } : undefined,
    );
    throw error;
  }
}

function stored({ status, body, headers }: StoredAnswer): Answer {
  return new Answer(status, body, headers);
}

/** What a key is without its quotes. Throws InvalidIdempotencyKeyError. */
export function parseKey(value: string): string {
  const [, quoted, bare] = KEY.exec(value.trim()) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  throw new InvalidIdempotencyKeyError(
    'The Idempotency-Key must have 1 to 255 printable ASCII characters, as in Idempotency-Key: "8e03978e-40d5-43dd".',
  );
}

function inUse(): never {
  throw new InProgressError(
    "The request with this Idempotency-Key is still being worked on. Ask again in some seconds.",
    { headers: { "retry-after": "5" } },
  );
}

function reused(): IdempotencyKeyReusedError {
  return new IdempotencyKeyReusedError(
    "This Idempotency-Key came with another request before. Use a new key for a new request.",
  );
}

/** The same for the same method, path and body; clients make up another boundary for each multipart body. */
export function hashOf({ event }: ApiRequest): string {
  const { body = "", isBase64Encoded, headers, rawPath, requestContext } = event;
  const content = Buffer.from(body, isBase64Encoded ? "base64" : "utf8").toString("latin1");
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(headers["content-type"] ?? "") ?? [];
  const boundary = quoted ?? bare;
  const same = boundary === undefined ? content : content.replaceAll(boundary, "");
  return sha256([requestContext.http.method, rawPath, same].join("\n"));
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
