import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../fakes/loopback.ts";
import { type Leashed, startOnLeash } from "../support/leash.ts";
import { MINISTACK, pythonTools } from "../tools/python-tools.ts";

/** How often it is looked whether ministack has started, which takes 1 s. */
const TRIES = 600;

/** Milliseconds between those. */
const PAUSE_MS = 50;

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
  const ministack = startOnLeash(server, {
    cwd: folder,
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
  const stop = async () => {
    await ministack.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await ready(url, ministack);
  } catch (cause) {
    await stop();
    throw new Error(`ministack does not start:\n${ministack.output()}`, { cause });
  }
  return { url, port, group: ministack.group, stop };
}

async function ready(url: string, ministack: Leashed): Promise<void> {
  for (let left = TRIES; left > 0; left--) {
    const answered = await fetch(`${url}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    if (ministack.hasEnded()) throw new Error("It has ended.");
    await sleep(PAUSE_MS);
  }
  throw new Error(`There was no answer in ${TRIES} tries.`);
}
