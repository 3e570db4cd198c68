import { once } from "node:events";
import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";

/** Bytes that are written at once: small enough that progress is seen on a slow line. */
const CHUNK_BYTES = 64 * 1024;

/** After so long without a byte either way the connection is given up, in milliseconds; OMPS answers within 30 s. */
const IDLE_MS = 60_000;

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Is told how many bytes of the body are sent. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** The connection failed, or broke. */
export class ConnectionFailure extends Error {
  /** As in ECONNREFUSED. */
  readonly code: string;

  constructor(error: unknown) {
    const { message, code } = asError(error);
    super(code === "" ? message : code, { cause: error });
    this.code = code;
  }
}

/**
 * Sends one request, once, and reads its answer. Redirects are not followed.
 *
 * @throws ConnectionFailure
 */
export async function exchange(wire: WireRequest): Promise<WireAnswer> {
  const { url, method, body } = wire;
  const headers = { ...wire.headers, ...(body && { "content-length": String(body.length) }) };
  const request = (url.protocol === "https:" ? https : http).request(url, { method, headers });
  request.setTimeout(IDLE_MS, () => request.destroy(new Error(`nothing came for ${IDLE_MS / 1000} s`)));
  try {
    const answer = answerTo(request);
    const [response] = await Promise.all([answer, send(request, answer, wire)]);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(Buffer.from(chunk));
    if (!response.complete) throw new Error("the answer ends too early");
    const text = Buffer.concat(chunks).toString("utf8");
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  } catch (error) {
    throw new ConnectionFailure(error);
  } finally {
    request.destroy();
  }
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("response", resolve);
    // After the answer has come, what breaks is seen by who reads it.
    request.on("error", reject);
  });
}

/** Ends early where the answer comes early: a server that refuses a body does not read it all. */
async function send(
  request: ClientRequest,
  answer: Promise<unknown>,
  { body, onSent }: WireRequest,
): Promise<void> {
  let answered = false;
  const end = () => {
    answered = true;
  };
  answer.then(end, end);
  for (let at = 0; body && at < body.length && !answered; at += CHUNK_BYTES) {
    const flushed = request.write(body.subarray(at, at + CHUNK_BYTES));
    if (!flushed) await Promise.race([once(request, "drain"), answer]);
    onSent?.(Math.min(at + CHUNK_BYTES, body.length));
  }
  if (!answered) request.end();
}

function asError(error: unknown): { message: string; code: string } {
  if (!(error instanceof Error)) return { message: String(error), code: "" };
  // Of several addresses that were tried, each has its own.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  return { message: error.message, code };
}
