import { setTimeout } from "node:timers/promises";
import manifest from "../../package.json" with { type: "json" };
import type { Call } from "./call.ts";
import { ConnectionFailure, exchange, type WireAnswer } from "./exchange.ts";
import { EXIT, Failure, plain } from "./failure.ts";
import type { Body } from "./form.ts";
import { isThereAlready, key, parseJson, patiently } from "./retry.ts";

/** One request to OMPS. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** With its query. */
  readonly path: string;
  /** Whether it is sent with a token: never, where there is one, or always. */
  readonly token: "none" | "optional" | "needed";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Statuses from 400 on that are no failure. */
  readonly expects?: readonly number[];
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** Whether its first answer is wanted, whatever that is. */
  readonly once?: true;
}

/** What OMPS answered: always JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: WireAnswer["headers"];
  readonly text: string;
  readonly body: unknown;
}

/**
 * Asks OMPS, as often as it takes.
 *
 * @throws Failure for what is refused, or fails
 */
export async function ask(call: Call, request: ApiRequest): Promise<ApiAnswer> {
  const token = request.token === "needed" ? call.neededToken() : call.token();
  const authorization = request.token === "none" ? undefined : token;
  const url = new URL(call.server() + request.path);
  const answer = await send(call, url, {
    ...request,
    headers: { accept: "application/json", ...(authorization && { authorization }), ...request.headers },
  });
  return checked(answer, url, request.expects ?? []);
}

/**
 * Sends to any server, as often as it takes, and gives its last answer, whatever that is.
 *
 * @throws Failure where the connection fails
 */
export async function send(
  call: Call,
  url: URL,
  {
    method,
    headers,
    body,
    onSent,
    once,
  }: Pick<ApiRequest, "method" | "headers" | "body" | "onSent" | "once">,
): Promise<WireAnswer> {
  const { terminal } = call;
  const all = {
    "user-agent": `omps/${manifest.version}`,
    ...headers,
    ...(body && { "content-type": body.type }),
  };
  const onRetry = (why: string, seconds: number) =>
    terminal.note(`omps: ${url.host}: ${why}; trying again in ${seconds} s`);
  const patience = { retries: once ? 0 : call.retries(), sleep: (ms: number) => setTimeout(ms), onRetry };
  const attempt = async () => {
    const answer = await told(call, `${method} ${url.origin}${url.pathname}`, () =>
      exchange({ method, url, headers: all, body: body?.bytes, onSent }),
    );
    terminal.wipe();
    return answer;
  };
  try {
    return await patiently(patience, attempt);
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    throw new Failure(EXIT.failed, `${url.origin} cannot be reached: ${plain(error.message)}.`);
  }
}

/** With --verbose, a line for each request. A query may be a secret, so it is not told; nor is any header. */
async function told(call: Call, what: string, run: () => Promise<WireAnswer>): Promise<WireAnswer> {
  if (!call.given.flag("verbose")) return run();
  const begun = performance.now();
  const note = (end: string) =>
    call.terminal.note(`${what}: ${end}, ${Math.round(performance.now() - begun)} ms`);
  try {
    const answer = await run();
    note(String(answer.status));
    return answer;
  } catch (error) {
    note(error instanceof Error ? plain(error.message) : "failed");
    throw error;
  }
}

function checked(answer: WireAnswer, url: URL, expects: readonly number[]): ApiAnswer {
  const { status, text, headers } = answer;
  const body = parseJson(text);
  if (typeof body !== "object" || body === null) {
    const to = headers.location === undefined ? "" : ` and sends on to ${plain(headers.location)}`;
    throw new Failure(
      EXIT.failed,
      `${url.origin} does not answer as OMPS does: HTTP ${status}, no JSON${to}. Is --server right?`,
    );
  }
  if (status < 400 || expects.includes(status)) return { status, headers, text, body };
  throw refusal(body, text, status);
}

/** The failure that a body of an error stands for. */
export function refusal(body: unknown, text: string, status: number): Failure {
  const message = key(body, "message");
  const id = key(body, "error");
  const said = typeof message === "string" ? plain(message) : `HTTP ${status}`;
  const named = typeof id === "string" ? `${plain(id)}: ${said}` : `HTTP ${status}: ${said}`;
  const found = key(key(body, "validation_info"), "errors");
  const details = Array.isArray(found) ? found.map((each) => `  - ${plain(String(each))}`) : [];
  const exit = isThereAlready(body) ? EXIT.refused : exitOf(status);
  return new Failure(exit, named, { body: text, details });
}

function exitOf(status: number): number {
  if (status === 401 || status === 403) return EXIT.unauthorized;
  return status >= 500 || status === 429 ? EXIT.failed : EXIT.refused;
}
