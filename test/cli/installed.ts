import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { EXAMPLE, EXAMPLE_TOKEN } from "../../infra/local/example.ts";

/** How a run of the command has ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  /** On its standard input; nothing unless given. */
  readonly stdin?: string;
  /** Beside server, organization and token of the example, or in their place; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Is given the process when it has begun. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** A folder for one test. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), "omps-cli-test-"));
}

/** Runs the installed command. Its home is a folder of its own. */
export async function omps(args: readonly string[], { stdin = "", env, onStart }: Run = {}): Promise<Ended> {
  const home = folder();
  const child = spawn(join(inject("installed"), ".bin", "omps"), args, {
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      OMPS_SERVER: inject("server"),
      OMPS_ORG: EXAMPLE.organization,
      OMPS_TOKEN: EXAMPLE_TOKEN,
      ...env,
    },
  });
  const ended = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    ended.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    ended.stderr += chunk.toString();
  });
  const closed = once(child, "close");
  onStart?.(child);
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  await closed;
  return { ...ended, status: child.exitCode };
}

/** The example package in a folder of its own, named so that no other test pushes to its repository. */
export function packageOf(name: string): string {
  const dir = folder();
  cpSync("examples/flat", dir, { recursive: true });
  change(dir, "tidewater-operator.package.yaml", /packageName: .*/, `packageName: ${name}`);
  return dir;
}

/** Changes a file of a package. */
export function change(dir: string, file: string, what: RegExp, by: string): void {
  const path = join(dir, file);
  writeFileSync(path, readFileSync(path, "utf8").replace(what, by));
}

/** A request that came to a server of a test. */
export interface Got {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
}

/** A server that answers as it is told, and keeps what came. */
export async function serverThat(
  answer: (response: ServerResponse, request: IncomingMessage, count: number) => void,
): Promise<{ url: string; got: readonly Got[] }> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    got.push({ method, url, headers });
    answer(response, request, got.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, got };
}

/** Answers with JSON when the request has come in full. */
export function json(
  response: ServerResponse,
  request: IncomingMessage,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  request.resume();
  request.on("end", () => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  });
}
