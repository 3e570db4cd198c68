import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Leashed, startOnLeash } from "./leash.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** How long the service has to start, in milliseconds. */
const START_MS = 30_000;

/** Milliseconds between looks at what it has printed. */
const PAUSE_MS = 100;

/** A running `npm start`, on a free port. */
export interface StartedService {
  readonly url: string;
  end(): Promise<void>;
}

/** @throws Error with what it printed where it does not start. */
export async function startService(): Promise<StartedService> {
  const service = startOnLeash([process.execPath, "infra/local/start.ts"], {
    cwd: PROJECT,
    env: { PATH: process.env["PATH"] ?? "", PORT: "0" },
  });
  return { url: await addressOf(service), end: () => service.end() };
}

async function addressOf(service: Leashed): Promise<string> {
  for (let left = START_MS; left > 0; left -= PAUSE_MS) {
    const url = /ready at (http:\S+?),/.exec(service.output())?.[1];
    if (url !== undefined) return url;
    if (service.hasEnded()) break;
    await sleep(PAUSE_MS);
  }
  await service.end();
  throw new Error(`The service did not start:\n${service.output()}`);
}
