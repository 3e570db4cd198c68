import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { hang, writeHead } from "../delivery.ts";
import { bodyTooLarge } from "./answer.ts";

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
