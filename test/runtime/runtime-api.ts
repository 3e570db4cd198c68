import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import * as z from "zod/mini";
import { type Listening, listenOnLoopback } from "../fakes/loopback.ts";

const PREFIX = "/2018-06-01/runtime";

const faultSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** What the runtime, or the function in it, tells of an error. */
export type Fault = z.output<typeof faultSchema>;

/** One event on its way to the runtime. */
export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  /** Until when there must be an answer, in milliseconds since 1970. */
  readonly deadline: number;
  readonly event: object;
}

/** What became of an invocation, or of the start. */
export type Outcome = { readonly result: unknown } | { readonly fault: Fault };

/** Lambda's Runtime API on a port of the loopback, for one runtime and one invocation at a time. */
export class RuntimeApi {
  #listening: Listening | undefined;
  /** The runtime's request for its next invocation, or why there will be none. */
  #next = Promise.withResolvers<ServerResponse | Fault>();
  #outcome = Promise.withResolvers<Outcome>();
  #requestId: string | undefined;

  /** Listens on a free port. */
  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    const server = createServer((request, response) => {
      api.#exchange(request, response).catch((error: unknown) => say(response, 500, String(error)));
    });
    api.#listening = await listenOnLoopback(server);
    return api;
  }

  /** Host and port, as AWS_LAMBDA_RUNTIME_API names them. */
  get address(): string {
    return new URL(this.#listening?.url ?? "").host;
  }

  /** Waits until the runtime asks for an invocation; gives the fault of one that never will. */
  async ready(): Promise<Fault | undefined> {
    const next = await this.#next.promise;
    return "errorType" in next ? next : undefined;
  }

  /** Hands an invocation to the runtime when it asks for one. */
  async invoke({ requestId, functionArn, deadline, event }: Invocation): Promise<Outcome> {
    const next = await this.#next.promise;
    if ("errorType" in next) return { fault: next };
    this.#next = Promise.withResolvers();
    this.#outcome = Promise.withResolvers();
    this.#requestId = requestId;
    next.writeHead(200, {
      "content-type": "application/json",
      "Lambda-Runtime-Aws-Request-Id": requestId,
      "Lambda-Runtime-Deadline-Ms": deadline,
      "Lambda-Runtime-Invoked-Function-Arn": functionArn,
      "Lambda-Runtime-Trace-Id": traceId(),
    });
    next.end(JSON.stringify(event));
    return this.#outcome.promise;
  }

  /** Ends whatever waits for the runtime: its process is gone. The first fault counts. */
  abandon(fault: Fault): void {
    this.#next.resolve(fault);
    this.#outcome.resolve({ fault });
  }

  async close(): Promise<void> {
    await this.#listening?.close();
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = `${request.method} ${request.url}`;
    if (target === `GET ${PREFIX}/invocation/next`) return this.#next.resolve(response);
    if (target === `POST ${PREFIX}/init/error`) this.abandon(faultSchema.parse(await json(request)));
    else if (target === `POST ${PREFIX}/invocation/${this.#requestId}/response`)
      this.#outcome.resolve({ result: await json(request) });
    else if (target === `POST ${PREFIX}/invocation/${this.#requestId}/error`)
      this.#outcome.resolve({ fault: faultSchema.parse(await json(request)) });
    else return say(response, 404, `no such invocation: ${target}`);
    say(response, 202, "OK");
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ status: text }));
}

/** A trace of AWS X-Ray that is not sampled. */
function traceId(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  return `Root=1-${time}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
