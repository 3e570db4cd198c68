import type { IncomingMessage, ServerResponse } from "node:http";

/** What a service with JSON answers. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A call of an operation, which a header names as `Service.Operation`. */
export interface JsonCall {
  readonly operation: string;
  readonly input: unknown;
}

/**
 * Reads a call in full.
 *
 * @throws SyntaxError where the body is no JSON
 */
export async function readCall(request: IncomingMessage): Promise<JsonCall> {
  const body = Buffer.concat(await request.toArray()).toString();
  return {
    operation: String(request.headers["x-amz-target"]).split(".").at(-1) ?? "",
    input: JSON.parse(body),
  };
}

/** Sends an answer, in this version of AWS's JSON protocol. */
export function say(response: ServerResponse, version: "1.0" | "1.1", answer: JsonAnswer): void {
  const body = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": `application/x-amz-json-${version}`,
    "content-length": Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
