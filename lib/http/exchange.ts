import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { NetworkError, TimeoutError, TooLongError } from "./failure.ts";

/** Node's module for a URL. TLS takes 6 ms to load, which a function that answers without a call need not pay. */
export function protocolOf(url: URL): typeof import("node:http") | typeof import("node:https") {
  return process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
}

/** One request on the wire, with everything that it needs already decided. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly agent: HttpAgent | HttpsAgent;
  /** Ends the request; its reason becomes a TimeoutError. */
  readonly signal: AbortSignal;
  /** Most bytes of a body that are read before the answer is given up. */
  readonly maxBytes: number;
}

/** Header names are in lower case. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A complete answer. */
export interface HttpResponse extends Answer {
  readonly body: Buffer;
}

/**
 * An answer whose body is still to come. Reading it throws a TimeoutError when the signal ends it, a NetworkError when
 * it is cut, and a TooLongError when it is longer than `maxBytes`.
 */
export interface HttpStream extends Answer {
  readonly body: AsyncIterable<Buffer>;
}

/** Reads an answer to its end. */
export async function whole({ body, ...answer }: HttpStream): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { ...answer, body: Buffer.concat(chunks) };
}

/**
 * Sends one request and hands the answer over as soon as it begins. What `take` leaves unread is not waited for.
 *
 * @throws TimeoutError when the signal ends it
 * @throws NetworkError when the connection fails
 */
export async function stream<T>(wire: WireRequest, take: (answer: HttpStream) => Promise<T>): Promise<T> {
  const where = `${wire.method} ${wire.url.host}`;
  const request = protocolOf(wire.url).request(wire.url, {
    method: wire.method,
    agent: wire.agent,
    headers: headersOf(wire),
  });
  const onAbort = () => request.destroy(new TimeoutError(`${where}: no answer in time`));
  wire.signal.addEventListener("abort", onAbort);
  if (wire.signal.aborted) onAbort();
  try {
    const response = await answerTo(request, wire.body, where);
    // Node takes an answer of no said length for complete when its connection breaks; only the request tells.
    const breaks: Error[] = [];
    request.on("error", (error) => breaks.push(error));
    const body = bytesOf(response, breaks, wire, where);
    return await take({ status: response.statusCode ?? 0, headers: response.headers, body }).finally(() => {
      if (!response.complete) response.destroy();
    });
  } finally {
    wire.signal.removeEventListener("abort", onAbort);
  }
}

function answerTo(request: ClientRequest, body: Buffer | undefined, where: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.on("error", (error) => reject(failure(where, error)));
  request.on("upgrade", (_response, socket) => {
    socket.destroy();
    reject(new NetworkError(`${where}: the answer is a change of protocols`));
  });
  request.on("response", resolve);
  request.end(body);
  return promise;
}

async function* bytesOf(
  response: IncomingMessage,
  breaks: readonly Error[],
  { maxBytes, signal }: WireRequest,
  where: string,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of response) {
      if (!(chunk instanceof Buffer)) continue;
      bytes += chunk.length;
      if (bytes > maxBytes) throw new TooLongError(`${where}: the answer is longer than ${maxBytes} bytes`);
      yield chunk;
    }
  } catch (error) {
    if (signal.aborted) throw new TimeoutError(`${where}: no answer in time`);
    throw failure(where, error);
  }
  if (signal.aborted) throw new TimeoutError(`${where}: no answer in time`);
  if (breaks[0]) throw failure(where, breaks[0]);
  if (!response.complete) throw new NetworkError(`${where}: the answer ends too early`);
}

function headersOf({ headers, body }: WireRequest): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name, headerValue(value)]);
  // Quay hangs on chunked bodies for two minutes, so the length is always said.
  return { ...Object.fromEntries(all), ...(body && { "content-length": String(body.length) }) };
}

/** Header values are bytes: characters beyond Latin-1 travel as UTF-8. */
function headerValue(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).toString("latin1") : value;
}

function failure(where: string, error: unknown): NetworkError | TimeoutError {
  if (error instanceof TimeoutError || error instanceof NetworkError) return error;
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return new NetworkError(`${where}: the connection failed${code}`, { cause: error });
}
