import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { matchPath } from "../../lib/api/index.ts";

/** A request as it comes in, before API Gateway makes an event of it. */
export interface IncomingCall {
  readonly method: string;
  /** Path with query, percent-encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly sourceIp?: string;
}

/** Content types that API Gateway passes on as text; all else comes in base64. */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/i;

/** Makes the event that an HTTP API (payload format 2.0) hands to the function of the matching route. */
export function toEvent(call: IncomingCall, now: number = Date.now()): APIGatewayProxyEventV2 {
  const [encodedPath = "", query = ""] = splitOnce(call.target, "?");
  const path = decodePath(encodedPath);
  const { authorization: _, cookie, ...rest } = call.headers;
  const match = matchPath(path).find(({ route }) => route.methods.includes(call.method));
  const routeKey = match ? `${call.method} ${match.route.path}` : "$default";
  const body = call.body?.length ? call.body : undefined;
  const text = TEXT.test(rest["content-type"] ?? "");
  const parameters = Object.fromEntries(new URLSearchParams(query));
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(Object.entries(call.headers).filter(([name]) => name !== "cookie")),
    ...(cookie !== undefined && { cookies: cookie.split("; ") }),
    ...(query !== "" && { queryStringParameters: parameters }),
    ...(match && Object.keys(match.parameters).length > 0 && { pathParameters: match.parameters }),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName: rest["host"] ?? "localhost",
      domainPrefix: "local",
      http: {
        method: call.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: call.sourceIp ?? "127.0.0.1",
        userAgent: rest["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey,
      stage: "$default",
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    ...(body && { body: body.toString(text ? "utf8" : "base64") }),
    isBase64Encoded: body !== undefined && !text,
  };
}

/** API Gateway routes by the decoded path; bytes that are no UTF-8 become U+FFFD. */
function decodePath(encoded: string): string {
  const bytes = encoded.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
