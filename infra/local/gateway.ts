import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type EndpointContext, type FunctionName, matchPath } from "../../lib/api/index.ts";
import { toEvent } from "./event.ts";
import { FUNCTION_TIMEOUT_MS, lambdaContext } from "./lambda-context.ts";

/** API Gateway's limit for a request, in bytes. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** Lambda's limit for the event, and for the answer, in bytes of JSON. */
const MAX_PAYLOAD_BYTES = 6_291_556;

/** API Gateway's limit for request line and headers together, in bytes. */
const MAX_HEADER_BYTES = 10_240;

export type Handler = (
  event: APIGatewayProxyEventV2,
  context: EndpointContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The handlers by the name of their function. */
export type Handlers = Readonly<Record<FunctionName | "not-found", Handler>>;

export interface GatewayOptions {
  readonly handlers: Handlers;
  /** 0: a free one. */
  readonly port: number;
  /** Adds to each invocation's context. */
  readonly context?: Partial<EndpointContext>;
}

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * An HTTP API on the loopback: hands each request to the handler of its route as API Gateway and Lambda
 * would, with their limits. Answers of its own have API Gateway's shape, `{"message": …}`.
 *
 * Rejects when the port is taken.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    serve(options, request, response).catch(() => say(response, 500, "Internal Server Error"));
  });
  server.on("clientError", refuseUnreadable);
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => stop(server) };
}

async function serve(
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!body) return say(response, 413, "Request Entity Too Large");
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const event = toEvent({
    method: request.method ?? "GET",
    target: request.url ?? "/",
    headers: Object.fromEntries(headers),
    body,
    sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
  });
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES)
    return say(response, 413, "Request Entity Too Large");

  const name = functionOf(event);
  const context: EndpointContext = { ...lambdaContext(name), ...options.context };
  const result = await withinTime(options.handlers[name](event, context));
  if (!result) return say(response, 503, "Service Unavailable");
  if (Buffer.byteLength(JSON.stringify(result)) > MAX_PAYLOAD_BYTES)
    return say(response, 500, "Internal Server Error");
  const content = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
  const said = Object.entries(result.headers ?? {}).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  response.writeHead(result.statusCode ?? 200, {
    ...Object.fromEntries(said),
    "content-length": content.length,
  });
  response.end(content);
}

function functionOf({ rawPath, requestContext }: APIGatewayProxyEventV2): FunctionName | "not-found" {
  const match = matchPath(rawPath).find(({ route }) => route.methods.includes(requestContext.http.method));
  return match?.route.serves ?? "not-found";
}

/** Gives undefined for a body over the limit; what is left of it is read and thrown away. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_REQUEST_BYTES) {
    request.resume();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_REQUEST_BYTES ? Buffer.concat(chunks) : undefined;
}

async function withinTime<T>(work: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), FUNCTION_TIMEOUT_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function say(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.end();
  const closing = status === 413 ? { connection: "close" } : {};
  response.writeHead(status, { "content-type": "application/json", ...closing });
  response.end(JSON.stringify({ message }));
}

/** Requests that are no HTTP, and headers over the limit. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const [status, message] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? ["431", "Request Header Fields Too Large"]
      : ["400", "Bad Request"];
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status} ${message}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
