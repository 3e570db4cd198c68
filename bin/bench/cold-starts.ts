import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { ExecutionEnvironment } from "../../test/runtime/execution-environment.ts";
import { type ColdRequest, coldRequests, startSurroundings } from "./cold-requests.ts";
import { cpuMs } from "./process-cpu.ts";

/** How often each function is started; the median counts. */
const STARTS = 9;

/** Milliseconds. */
export interface Spent {
  readonly cpu: number;
  readonly wall: number;
}

/** What a start takes, and the two requests after it. */
export interface ColdStart {
  readonly what: string;
  /** From the start of the process until the runtime asks for its first event. */
  readonly load: Spent;
  readonly first: Spent;
  readonly second: Spent;
}

/** A handler that does nothing. */
const EMPTY = 'export const handler = async () => ({ statusCode: 200, headers: {}, body: "{}" });\n';

const statusSchema = z.object({ statusCode: z.number() });

/**
 * Measures cold starts of the bundled functions in the folder under the real runtime. The first row is an empty
 * handler; the others are what a function takes beyond that.
 *
 * @param client script of the runtime interface client
 */
export async function coldStarts(folder: string, client: string): Promise<ColdStart[]> {
  process.stderr.write(`starting each function ${STARTS} times under the real runtime\n`);
  writeFileSync(join(folder, "empty.mjs"), EMPTY);
  const surroundings = await startSurroundings(folder);
  const requests = coldRequests(folder);
  const samples: ColdStart[] = [];
  // In turns: a slow moment of the machine does not hit one function only.
  for (let start = 0; start < STARTS; start++) {
    for (const request of requests) {
      surroundings.reset(request);
      const environment = surroundings.environmentOf(request);
      const deployed = { name: request.name, code: folder, client, environment };
      samples.push(await measure(request, () => ExecutionEnvironment.start(deployed, [])));
    }
  }
  await surroundings.close();
  const medians = requests.map(({ what }) => median(samples.filter((sample) => sample.what === what)));
  const [empty, ...functions] = medians;
  return empty ? [empty, ...functions.map((one) => beyond(one, empty))] : [];
}

async function measure(request: ColdRequest, begin: () => Promise<ExecutionEnvironment>): Promise<ColdStart> {
  const started = performance.now();
  const environment = await begin();
  const load = { cpu: cpuMs(environment.pid), wall: performance.now() - started };
  const first = await ask(environment, request, "1.0.0");
  const second = await ask(environment, request, "2.0.0");
  await environment.close();
  return { what: request.what, load, first, second };
}

/** CPU until the runtime asks for the next event, and time until the answer. */
async function ask(
  environment: ExecutionEnvironment,
  { what, event, status }: ColdRequest,
  version: string,
): Promise<Spent> {
  const before = cpuMs(environment.pid);
  const asked = performance.now();
  const { statusCode } = statusSchema.parse(await environment.invoke(event(version)));
  const wall = performance.now() - asked;
  if (statusCode !== status) throw new Error(`${what}: the answer has the status ${statusCode}`);
  await environment.ready();
  return { cpu: cpuMs(environment.pid) - before, wall };
}

function median(samples: readonly ColdStart[]): ColdStart {
  const middle = (figures: readonly number[]) =>
    figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
  const of = (phase: "load" | "first" | "second"): Spent => ({
    cpu: middle(samples.map((sample) => sample[phase].cpu)),
    wall: middle(samples.map((sample) => sample[phase].wall)),
  });
  return { what: samples[0]?.what ?? "", load: of("load"), first: of("first"), second: of("second") };
}

function beyond({ what, ...ours }: ColdStart, empty: ColdStart): ColdStart {
  const of = (phase: "load" | "first" | "second"): Spent => ({
    cpu: ours[phase].cpu - empty[phase].cpu,
    wall: ours[phase].wall - empty[phase].wall,
  });
  return { what, load: of("load"), first: of("first"), second: of("second") };
}
