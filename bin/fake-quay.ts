#!/usr/bin/env node
import { parseArgs } from "node:util";
import { type QuaySeed, replaySeed, startQuayFake } from "../test/fakes/quay.ts";

const SEEDS: Readonly<Record<string, QuaySeed>> = { replay: replaySeed, empty: {} };

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

const HELP = `Usage: npm run fake:quay -- [--seed NAME] [--port N]

Runs a fake of Quay's application registry, true to Quay 3.6, on the loopback only.

  --seed NAME   what it holds at first: ${Object.keys(SEEDS).join(" or ")} (replay)
  --port N      the port to listen on (a free one)
  --help        this text
`;

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`--port must be a number from 0 to 65535, not "${text}"`);
  }
  return port;
}

function readSeed(name: string): QuaySeed {
  const seed = SEEDS[name];
  if (!seed) throw new RangeError(`--seed must be one of ${Object.keys(SEEDS).join(", ")}, not "${name}"`);
  return seed;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "replay" },
      port: { type: "string", default: "0" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const quay = await startQuayFake({
    seed: readSeed(values.seed),
    port: readPort(values.port),
    recording: false,
  });
  process.stdout.write(`${quay.url}\n`);
  for (const signal of SIGNALS) process.once(signal, () => void quay.close());
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
