import * as z from "zod/mini";
import { ANSWERS, type AnswerOf } from "../lib/openapi/answers.ts";

// Without this zod tries whether it may make code of texts, which the page's policy forbids and reports.
z.config({ jitless: true });

/** What is looked at: a zip, or a build of Koji's. */
export type Subject = { readonly file: File } | { readonly nvr: string };

/** Who asks, and for whom. */
export interface Caller {
  readonly organization: string;
  /** "" for none. */
  readonly token: string;
}

export type Validation = AnswerOf<"Validation">;
export type Pushed = AnswerOf<"Pushed">;
type Operation = AnswerOf<"Operation">;

/** What the API, or the way to it, said no with; the message is for people. */
export class Refusal extends Error {
  readonly title: string;
  /** Whether it is the end of what was asked for: to ask for it again is another request. */
  readonly isEnd: boolean;

  constructor(title: string, message: string, isEnd = false) {
    super(message);
    this.title = title;
    this.isEnd = isEnd;
  }
}

/** Bytes of a request that API Gateway takes. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** Seconds between looks at an operation, where the API names none. */
const PAUSE_S = 2;

/** How often an operation is looked at; with pauses of 5 s that is half an hour. */
const MAX_LOOKS = 360;

const TOO_LARGE = new Refusal(
  "Too large to send directly",
  "The zip is larger than this service takes in one request. Upload it with POST /v2/{organization}/uploads, as the API's description tells, or validate it with npm run verify.",
);

const refusalSchema = z.union([
  z.looseObject({ status: z.number(), error: z.string(), message: z.string() }),
  z.looseObject({ message: z.string() }),
]);

/** @throws Refusal */
export async function validate(caller: Caller, subject: Subject, signal: AbortSignal): Promise<Validation> {
  const path = "file" in subject ? "validate" : `validate/koji/${encodeURIComponent(subject.nvr)}`;
  const response = await post(caller, path, subject, { signal });
  return ANSWERS.Validation.parse(await response.json());
}

/**
 * Pushes, and tells on the way how it goes.
 *
 * @param key of the request: the same one never makes two releases
 * @throws Refusal
 */
export async function push(
  caller: Caller,
  subject: Subject,
  key: string,
  tell: (state: string) => void,
): Promise<Pushed> {
  const path = "file" in subject ? "zipfile" : `koji/${encodeURIComponent(subject.nvr)}`;
  const headers = { "idempotency-key": `"${key}"`, prefer: "respond-async" };
  const response = await post(caller, path, subject, { headers });
  if (response.status !== 202) return ANSWERS.Pushed.parse(await response.json());
  const { id } = ANSWERS.Accepted.parse(await response.json());
  return ended(caller, id, tell);
}

async function ended(caller: Caller, id: string, tell: (state: string) => void): Promise<Pushed> {
  tell("queued");
  for (let look = 0; look < MAX_LOOKS; look++) {
    const response = await send(`/v2/operations/${id}`, { headers: { authorization: caller.token } });
    const operation: Operation = ANSWERS.Operation.parse(await response.json());
    if (operation.status === "succeeded") return ANSWERS.Pushed.parse(operation.result);
    if (operation.status === "failed") throw refusalOf(operation.error, { status: 500, isEnd: true });
    tell("step" in operation && operation.step ? `${operation.status}: ${operation.step}` : operation.status);
    await pause(Number(response.headers.get("retry-after") ?? PAUSE_S));
  }
  throw new Refusal("Still not done", `GET /v2/operations/${id} tells how it goes.`);
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

function post(
  { organization, token }: Caller,
  path: string,
  subject: Subject,
  init: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal },
): Promise<Response> {
  if ("file" in subject && subject.file.size > MAX_REQUEST_BYTES) throw TOO_LARGE;
  const form = new FormData();
  if ("file" in subject) form.set("file", subject.file, subject.file.name);
  return send(`/v2/${encodeURIComponent(organization)}/${path}`, {
    method: "POST",
    ...init,
    headers: { ...init.headers, ...(token !== "" && { authorization: token }) },
    ...("file" in subject && { body: form }),
  });
}

/** @throws Refusal where there is no answer, and for one that is no success */
async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...init, credentials: "omit", cache: "no-store" }).catch(
    (error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new Refusal("No answer", "The service cannot be reached. Send it again.");
    },
  );
  if (response.ok) return response;
  if (response.status === 413) throw TOO_LARGE;
  const { status } = response;
  throw refusalOf(await response.json().catch(() => undefined), { status, isEnd: status < 500 });
}

function refusalOf(body: unknown, { status, isEnd }: { status: number; isEnd: boolean }): Refusal {
  const told = refusalSchema.safeParse(body).data;
  const id = told && "error" in told ? String(told.error) : "Failure";
  const code = told && "status" in told ? String(told.status) : String(status);
  return new Refusal(`${id} (${code})`, told?.message ?? "The service gave no reason.", isEnd);
}
