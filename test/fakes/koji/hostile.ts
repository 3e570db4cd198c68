import { createServer, type Socket } from "node:net";
import { OmpsError } from "../../../lib/errors/index.ts";
import { HttpClient, NetworkError, TimeoutError, UpstreamError } from "../../../lib/http/index.ts";
import { KojiFault, KojiHub } from "../../../lib/koji/index.ts";
import { callRpc } from "../../../lib/koji/xml-rpc.ts";
import { type Listening, listenOnLoopback } from "../loopback.ts";

/** What a hostile server does with a connection whose request it has read to the end. */
export type HostileAnswer = (socket: Socket, request: string) => void;

/** One row of a table: its name, what the server does, and what a correct client makes of it. */
export type HostileCase = readonly [name: string, answer: HostileAnswer, outcome: unknown];

/** An answer's parts other than the body. */
interface Head {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The document around a value; without its first line where other text stands before it. */
export function document(value: string, declaration = "<?xml version='1.0'?>\n"): string {
  return `${declaration}<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`;
}

export function head({ status = 200, type = "text/xml", headers = {} }: Head = {}): string {
  const lines = Object.entries({ "Content-Type": type, ...headers })
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} X\r\n${lines.join("")}`;
}

/** A whole answer with its length. */
export function body(content: string | Uint8Array, parts: Head = {}): HostileAnswer {
  return (socket) => {
    socket.write(`${head(parts)}Content-Length: ${Buffer.byteLength(content)}\r\n\r\n`);
    socket.write(content);
  };
}

/** A right answer with this value. */
export const value = (xml: string): HostileAnswer => body(document(xml));

/** A server that answers every request in one hostile way. */
export interface HostileHub extends Listening {
  answer: HostileAnswer;
}

export async function startHostileHub(): Promise<HostileHub> {
  const state = { answer: body("") };
  const server = createServer((socket) => {
    let request = "";
    socket.setNoDelay();
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      request += chunk.toString("latin1");
      if (!isComplete(request)) return;
      state.answer(socket, request);
      request = "";
    });
  });
  const listening = await listenOnLoopback(server);
  return {
    ...listening,
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
  };
}

function isComplete(request: string): boolean {
  const [, length = "0"] = /content-length: (\d+)/i.exec(request) ?? [];
  const end = request.indexOf("\r\n\r\n");
  return end >= 0 && request.length >= end + 4 + Number(length);
}

/** How a call ended, as the tables say it. Fails where it ended in a way that is none of the client's. */
export async function outcomeOf(hub: HostileHub, answer: HostileAnswer, timeoutMs: number): Promise<unknown> {
  hub.answer = answer;
  const http = new HttpClient({ timeoutMs, sleep: async () => {} });
  try {
    return { value: await callRpc(http, new URL(hub.url), "getAPIVersion", []) };
  } catch (error) {
    if (error instanceof KojiFault) return { fault: [error.code, error.text] };
    if (error instanceof UpstreamError) return { status: error.status };
    if (error instanceof TimeoutError) return "timeout";
    if (error instanceof NetworkError) return { error: error.message };
    throw error;
  } finally {
    http.close();
  }
}

/** The contract's error for a build under the same answer; throws where a build comes out of it. */
export async function buildErrorOf(hub: HostileHub, timeoutMs: number): Promise<OmpsError> {
  const http = new HttpClient({ timeoutMs, sleep: async () => {} });
  try {
    await new KojiHub(http, hub.url).build("a-1-1");
  } catch (error) {
    if (error instanceof OmpsError) return error;
    throw error;
  } finally {
    http.close();
  }
  throw new TypeError("A build was made of a hostile answer");
}
