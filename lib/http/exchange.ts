import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { NetworkError, TimeoutError } from "./failure.ts";

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

/** A complete answer. Header names are in lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Sends one request and reads the whole answer.
 *
 * @throws TimeoutError when the signal ends it
 * @throws NetworkError when the connection fails, the answer is cut, or it is longer than `maxBytes`
 */
export function exchange(wire: WireRequest): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const where = `${wire.method} ${wire.url.host}`;
  const request = protocolOf(wire.url).request(wire.url, {
    method: wire.method,
    agent: wire.agent,
    headers: headersOf(wire),
  });
  const onAbort = () => request.destroy(new TimeoutError(`${where}: no answer in time`));
  const fail = (error: Error) =>
    reject(error instanceof TimeoutError || error instanceof NetworkError ? error : broken(where, error));

  request.on("error", fail);
  request.on("upgrade", (_response, socket) => {
    socket.destroy();
    fail(new NetworkError(`${where}: the answer is a change of protocols`));
  });
  request.on("response", (response) => {
    response.on("error", fail);
    readBody(response, wire.maxBytes, where).then((body) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    }, fail);
  });
  wire.signal.addEventListener("abort", onAbort);
  if (wire.signal.aborted) onAbort();
  request.end(wire.body);
  return promise.finally(() => wire.signal.removeEventListener("abort", onAbort));
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

async function readBody(response: IncomingMessage, maxBytes: number, where: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > maxBytes) throw new NetworkError(`${where}: the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new NetworkError(`${where}: the answer ends too early`);
  return Buffer.concat(chunks);
}

function broken(where: string, cause: Error): NetworkError {
  const code = "code" in cause ? ` (${String(cause.code)})` : "";
  return new NetworkError(`${where}: the connection failed${code}`, { cause });
}
