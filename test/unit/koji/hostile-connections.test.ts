import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  body,
  buildErrorOf,
  document,
  type HostileAnswer,
  type HostileCase,
  type HostileHub,
  head,
  outcomeOf,
  startHostileHub,
  value,
} from "../../fakes/koji/hostile.ts";

const TIMEOUT_MS = 20_000;

/** For what never ends: the client's own limit ends it. */
const SHORT_MS = 150;

const error = (text: RegExp) => ({ error: expect.stringMatching(text) });
const failed = error(/the connection failed/);
const cut = error(/the connection failed|ends too early/);
const overTheCap = error(/is longer than 10485760 bytes/);
const html = (status: number) => body("<!DOCTYPE html><title>x</title>", { status, type: "text/html" });
const ONE = document("<int>1</int>");

const STATUSES: readonly HostileCase[] = [
  ["204", (socket) => void socket.write("HTTP/1.1 204 No Content\r\n\r\n"), { status: 204 }],
  ["html 404", html(404), { status: 404 }],
  ["html 500", html(500), { status: 500 }],
  ["html 503", html(503), { status: 503 }],
  [
    "koji 400 text",
    body("Invalid request: not well-formed (invalid token): line 1, column 1\n", {
      status: 400,
      type: "text/plain",
    }),
    { status: 400 },
  ],
  ["valid xml with 500", body(ONE, { status: 500 }), { status: 500 }],
  ["valid xml with 401", body(ONE, { status: 401 }), { status: 401 }],
  [
    "302",
    body("<html>moved</html>", { status: 302, type: "text/html", headers: { Location: "/ok" } }),
    { status: 302 },
  ],
  ["301 empty", body("", { status: 301, headers: { Location: "/ok" } }), { status: 301 }],
  ["101 upgrade", switchProtocols, error(/a change of protocols/)],
  ["100 then 200", continueFirst, { value: 1 }],
];

const CUT: readonly HostileCase[] = [
  [
    "truncated, content-length",
    thenDestroy(`${head()}Content-Length: 500\r\n\r\n<methodResponse><struct>`),
    cut,
  ],
  [
    "truncated, chunked",
    thenDestroy(`${head()}Transfer-Encoding: chunked\r\n\r\n1e\r\n<methodResponse><int>1</int>  \r\n`),
    cut,
  ],
  ["split multibyte", oneByteAtATime, { value: "日本日本日本日本日本" }],
  ["close before headers", (socket) => socket.destroy(), failed],
  ["garbage http", (socket) => void socket.write("NOT HTTP AT ALL\r\n\r\n"), failed],
  ["header overflow", body(ONE, { headers: { "X-Long": "x".repeat(100_000) } }), failed],
  ["error then reset", thenReset, cut],
  ["accept-encoding seen", sayHeaders, { value: expect.stringContaining('"accept-encoding":"identity"') }],
];

const LONG: readonly HostileCase[] = [
  ["20MB string", value(`<string>${"x".repeat(20_000_000)}</string>`), overTheCap],
  ["200k members", value(`<struct>${manyMembers(200_000)}</struct>`), overTheCap],
  ["endless body", endless, overTheCap],
];

const SLOW: readonly HostileCase[] = [
  ["never answers", () => {}, "timeout"],
  ["headers then silence", (socket) => void socket.write(`${head()}\r\n<methodResponse>`), "timeout"],
  ["slow trickle", trickle, "timeout"],
];

function switchProtocols(socket: Socket): void {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
}

function continueFirst(socket: Socket, request: string): void {
  socket.write("HTTP/1.1 100 Continue\r\n\r\n");
  body(ONE)(socket, request);
}

function thenDestroy(text: string): HostileAnswer {
  return (socket) => void socket.write(text, () => socket.destroy());
}

function thenReset(socket: Socket): void {
  socket.write(`${head({ type: "text/html" })}\r\n<html><body>`, () => socket.resetAndDestroy());
}

async function sendSingly(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await nextTurn();
  }
}

function oneByteAtATime(socket: Socket): void {
  const bytes = Buffer.from(document(`<string>${"日本".repeat(5)}</string>`));
  socket.write(`${head()}Content-Length: ${bytes.length}\r\n\r\n`);
  void sendSingly(socket, bytes);
}

function sayHeaders(socket: Socket, request: string): void {
  const lines = request.split("\r\n\r\n", 1).join("").split("\r\n").slice(1);
  const headers = lines.map((line) => [line.replace(/:.*/, "").toLowerCase(), line.replace(/^[^:]*: /, "")]);
  value(`<string>${JSON.stringify(Object.fromEntries(headers))}</string>`)(socket, request);
}

function manyMembers(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `<member><name>m${index}</name><value><int>${index}</int></value></member>`,
  ).join("");
}

function endless(socket: Socket): void {
  const more = "x".repeat(64 * 1024);
  const pour = () => {
    while (!socket.destroyed && socket.write(more));
  };
  socket.on("drain", pour);
  socket.write(`${head()}\r\n<methodResponse><params><param><value><string>`);
  pour();
}

function trickle(socket: Socket): void {
  socket.write(`${head()}\r\n`);
  const timer = setInterval(() => socket.write(" "), 20);
  socket.on("close", () => clearInterval(timer));
}

let hub: HostileHub;
beforeAll(async () => {
  hub = await startHostileHub();
});
afterAll(() => hub.close());

describe.each([
  ["statuses", STATUSES, TIMEOUT_MS],
  ["answers that come in pieces, or are cut", CUT, TIMEOUT_MS],
  ["answers that are too long", LONG, TIMEOUT_MS],
  ["answers that do not end", SLOW, SHORT_MS],
])("%s", (_, cases, timeoutMs) => {
  it.each(cases)("%s", async (_name, answer, outcome) => {
    expect(await outcomeOf(hub, answer, timeoutMs)).toEqual(outcome);

    expect((await buildErrorOf(hub, timeoutMs)).error).toBe("KojiError");
    await expect.poll(() => hub.openSockets(), { interval: 1 }).toBe(0);
  });
});
