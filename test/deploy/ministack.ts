import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listenOnLoopback } from "../fakes/loopback.ts";
import { MINISTACK, pythonTools } from "../tools/python-tools.ts";
import { isRunning } from "./process-group.ts";

/** How often it is looked whether ministack has started, which takes 1 s, or ended. */
const TRIES = 600;

/** Milliseconds between those. */
const PAUSE_MS = 50;

/**
 * Ends when ministack or its own standard input does, and takes all that it started with it: also where the test
 * itself was killed.
 */
const LEASH = '{ "$@" </dev/null; kill -9 0; } & read -r _; kill -9 0';

/** An emulator of AWS in a process of its own, on the loopback, with Lambda functions as real Node processes. */
export interface Ministack {
  readonly url: string;
  readonly port: number;
  /** The process group that ministack and all its functions are in. */
  readonly group: number;
  /** Ends it with all its functions; nothing of its state is kept. */
  stop(): Promise<void>;
}

/**
 * Starts ministack on a free port, empty.
 *
 * @throws Error with its log, where it does not answer
 */
export async function startMinistack(): Promise<Ministack> {
  const bin = await pythonTools(MINISTACK);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "omps-ministack-"));
  const address = `127.0.0.1:${port}`;
  const server = [join(bin, "hypercorn"), "--workers", "0", "-b", address, "ministack.app:app"];
  const child = spawn("sh", ["-c", LEASH, "sh", ...server], {
    detached: true,
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    // Nothing else of ours: the functions inherit it, and a setting of the state would make it last.
    env: {
      PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
      HOME: folder,
      TMPDIR: folder,
      LANG: "C.UTF-8",
      MINISTACK_HOST: "localhost",
      GATEWAY_PORT: String(port),
    },
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => log.push(String(chunk)));
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await ready(url, child);
  } catch (cause) {
    await stop();
    throw new Error(`ministack does not start:\n${log.join("")}`, { cause });
  }
  return { url, port, group: child.pid ?? 0, stop };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let left = TRIES; left > 0; left--) {
    const answered = await fetch(`${url}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    if (child.signalCode !== null) throw new Error("It has ended.");
    await sleep(PAUSE_MS);
  }
  throw new Error(`There was no answer in ${TRIES} tries.`);
}

async function end(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  child.stdin?.end();
  for (let left = TRIES; left > 0 && isRunning(pid); left--) await sleep(PAUSE_MS);
}

async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createServer());
  await close();
  return port;
}
