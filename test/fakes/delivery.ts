import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import { type FaultAction, scriptedAnswer } from "./faults.ts";

/** Into how many pieces a dripping body is cut. */
const DRIPS = 10;

export function writeHead(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
}

function send(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer);
  response.end(answer.body);
}

function sendPart(response: ServerResponse, answer: Answer, bytes: number): void {
  writeHead(response, answer);
  response.write(Buffer.from(answer.body).subarray(0, bytes));
  response.socket?.end();
}

async function sendInDrips(response: ServerResponse, answer: Answer, pause: number): Promise<void> {
  writeHead(response, answer);
  const body = Buffer.from(answer.body);
  const size = Math.max(1, Math.ceil(body.length / DRIPS));
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.subarray(at, at + size));
    await sleep(pause, undefined, { ref: false });
  }
  response.end();
}

/** Resolves when the client has gone, or the server was closed. */
export async function hang(response: ServerResponse): Promise<void> {
  if (!response.destroyed && response.socket !== null && !response.socket.destroyed) {
    await once(response, "close");
  }
}

/** Answers, or does what the script says instead. `answer` makes the change that the request asks for. */
export async function deliver(
  response: ServerResponse,
  action: FaultAction,
  answer: () => Answer | Promise<Answer>,
): Promise<void> {
  if (action.delay !== undefined) await sleep(action.delay, undefined, { ref: false });
  const made = action.after ? await answer() : undefined;
  if (action.reset) response.socket?.resetAndDestroy();
  else if (action.close) response.socket?.end();
  else if (action.hang) await hang(response);
  else {
    const final = scriptedAnswer(action) ?? made ?? (await answer());
    if (action.drip !== undefined) await sendInDrips(response, final, action.drip);
    else if (action.truncate === undefined) send(response, final);
    else sendPart(response, final, action.truncate);
  }
}
