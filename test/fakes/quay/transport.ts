import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, bodyTooLarge } from "./answer.ts";
import { type QuayFaultAction, scriptedAnswer } from "./faults.ts";

function writeHead(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { server: "nginx/1.22.1", ...headers, ...length });
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

/** Resolves when the client has gone, or the server was closed. */
async function hang(response: ServerResponse): Promise<void> {
  if (!response.destroyed && response.socket !== null && !response.socket.destroyed) {
    await once(response, "close");
  }
}

/** As nginx: answers at once, and swallows what the client still sends so that it gets to read the answer. */
export async function refuseBody(request: IncomingMessage, response: ServerResponse): Promise<void> {
  writeHead(response, bodyTooLarge);
  response.write(bodyTooLarge.body);
  request.resume();
  if (!request.readableEnded) await Promise.race([once(request, "end"), once(request, "close")]);
  response.end();
}

/** Quay never answers a body without a length; nginx gives up after two minutes, clients sooner. */
export async function ignoreChunks(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  await hang(response);
}

/** Answers, or does what the script says instead. `answer` makes the change that the request asks for. */
export async function deliver(
  response: ServerResponse,
  action: QuayFaultAction,
  answer: () => Promise<Answer>,
): Promise<void> {
  if (action.delay !== undefined) await sleep(action.delay, undefined, { ref: false });
  const made = action.after ? await answer() : undefined;
  if (action.reset) response.socket?.resetAndDestroy();
  else if (action.close) response.socket?.end();
  else if (action.hang) await hang(response);
  else {
    const final = scriptedAnswer(action) ?? made ?? (await answer());
    if (action.truncate === undefined) send(response, final);
    else sendPart(response, final, action.truncate);
  }
}
