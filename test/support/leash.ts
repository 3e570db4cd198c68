import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "./process-group.ts";

/** How often it is looked whether a group has ended. */
const TRIES = 600;

/** Milliseconds between those. */
const PAUSE_MS = 50;

/**
 * Ends when the command or its own standard input does, and takes all that it started with it: also where the test
 * itself was killed.
 */
const LEASH = '{ "$@" </dev/null; kill -9 0; } & read -r _; kill -9 0';

/** A command in a process group of its own. */
export interface Leashed {
  readonly group: number;
  /** What it has printed. */
  output(): string;
  hasEnded(): boolean;
  /** Resolves when it has ended with all that it started. */
  readonly ended: Promise<unknown>;
  /** Kills it with all that it started, and waits until all are gone. */
  end(): Promise<void>;
}

/** Starts a command that cannot outlive this process. */
export function startOnLeash(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Leashed {
  const child = spawn("sh", ["-c", LEASH, "sh", ...command], {
    ...options,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => printed.push(String(chunk)));
  const group = child.pid ?? 0;
  return {
    group,
    ended: new Promise((resolve) => child.once("close", resolve)),
    output: () => printed.join(""),
    hasEnded: () => child.signalCode !== null || child.exitCode !== null,
    async end() {
      if (group === 0) return;
      child.stdin.end();
      for (let left = TRIES; left > 0 && isRunning(group); left--) await sleep(PAUSE_MS);
    },
  };
}
