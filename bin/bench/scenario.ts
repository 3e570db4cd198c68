import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { crc32, gzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { dump, load, YAML11_SCHEMA } from "js-yaml";
import JSZip from "jszip";
import { pack } from "tar-stream";
import * as z from "zod/mini";
import type { handler as pushWorker } from "../../functions/push-worker.ts";
import type { Handler } from "../../infra/local/gateway.ts";
import { lambdaContext } from "../../infra/local/lambda-context.ts";
import { batch, queueMessage } from "../../test/support/queue-event.ts";
import {
  buildEvent,
  deleteEvent,
  pushBundleEvent,
  pushEvent,
  pushUploadEvent,
  releasesEvent,
  validateEvent,
} from "./events.ts";
import { type Input, readInput } from "./inputs.ts";
import { type Runs, report } from "./measure.ts";

/** What one process measures. */
const [, , scenario = "", folder = "", upload = ""] = process.argv;

const operationSchema = z.object({ id: z.string() });

const RUNS: Readonly<Record<string, Runs>> = {
  small: { warm: 40, measured: 100 },
  "small-plain": { warm: 40, measured: 100 },
  big: { warm: 2, measured: 6 },
  "big-plain": { warm: 2, measured: 6 },
  koji: { warm: 40, measured: 100 },
  delete: { warm: 200, measured: 1000 },
  upload: { warm: 0, measured: 1 },
  // Of these two the difference counts, which is small.
  direct: { warm: 300, measured: 200 },
  async: { warm: 300, measured: 200 },
  bundle: { warm: 100, measured: 100 },
  "bundle-again": { warm: 100, measured: 100 },
  validate: { warm: 100, measured: 100 },
  releases: { warm: 200, measured: 200 },
};

/** How many releases the repository has whose releases are listed. */
const RELEASES = 20;

/** What a scenario asks, and of which function. */
interface Asked {
  readonly name: string;
  /** The event of a run, which counts from 1. */
  readonly event: (run: number) => APIGatewayProxyEventV2;
}

const input = (name: Input) => readInput(folder, name);

/** A push of a zip, each time as another version. */
function pushes(name: Input): Asked {
  const zip = input(name);
  return { name: "push-zipfile", event: (run) => pushEvent(zip, `${run}.0.0`) };
}

const SCENARIOS: Readonly<Record<string, () => Asked>> = {
  small: () => pushes("small"),
  direct: () => pushes("small"),
  big: () => pushes("big"),
  koji: () => ({ name: "push-koji", event: (run) => buildEvent(`${run}.0.0`) }),
  delete: () => ({ name: "delete-releases", event: () => deleteEvent("1.0.0") }),
  upload: () => ({ name: "push-zipfile", event: (run) => pushUploadEvent(upload, `${run}.0.0`) }),
  // The version is that of the bundle, so that only another repository takes it as new.
  bundle: () => bundles((run) => `bundle-${run}`),
  "bundle-again": () => bundles(() => "bundle"),
  validate: () => {
    const zip = input("median");
    return { name: "validate", event: () => validateEvent(zip) };
  },
  releases: () => ({ name: "releases", event: releasesEvent }),
};

function bundles(repository: (run: number) => string): Asked {
  const zip = input("bundle");
  return { name: "push-zipfile", event: (run) => pushBundleEvent(zip, repository(run)) };
}

async function handlerOf(name: string): Promise<Handler> {
  const module: { handler: Handler } = await import(`${folder}/${name}.mjs`);
  return module.handler;
}

/** A push that nobody waits for: it is accepted, and done by the worker. */
async function prepareAsync(): Promise<(run: number) => () => Promise<unknown>> {
  const push = await handlerOf("push-zipfile");
  const worker: { handler: typeof pushWorker } = await import(`${folder}/push-worker.mjs`);
  const zip = readInput(folder, "small");
  return (run) => {
    const event = pushEvent(zip, `${run}.0.0`, { prefer: "respond-async" });
    return async () => {
      const { statusCode, body = "" } = await push(event, lambdaContext("push-zipfile"));
      if (statusCode !== 202) throw new Error(`${scenario}: ${statusCode} ${body}`);
      const { id } = operationSchema.parse(JSON.parse(body));
      const message = queueMessage({ operation: id }, { group: "any" });
      const { batchItemFailures } = await worker.handler(batch(message), lambdaContext("push-worker"));
      if (batchItemFailures.length > 0) throw new Error(`${scenario}: the worker failed`);
    };
  };
}

/** Gives the work of one run, and what is made for it outside the measured time. */
async function prepare(): Promise<(run: number) => () => Promise<unknown>> {
  if (scenario === "async") return prepareAsync();
  if (scenario.endsWith("-plain")) {
    const flat = scenario === "small-plain";
    const zip = input(flat ? "small" : "big");
    return () => () => plainly(zip, flat);
  }
  if (scenario === "releases") {
    const push = await works(pushes("small"));
    for (let run = 1; run <= RELEASES; run++) await push(run)();
  }
  const asked = SCENARIOS[scenario];
  if (!asked) throw new Error(`there is no scenario ${scenario}`);
  return works(asked());
}

async function works({ name, event }: Asked): Promise<(run: number) => () => Promise<void>> {
  const handler = await handlerOf(name);
  return (run) => {
    const made = event(run);
    return async () => {
      const { statusCode, body } = await handler(made, lambdaContext(name));
      if (statusCode !== 200) throw new Error(`${scenario}: ${statusCode} ${body}`);
    };
  };
}

/** The same work by plain calls of libraries, without checks and without HTTP: what it costs at least. */
async function plainly(zip: Buffer, flat: boolean): Promise<void> {
  const archive = await JSZip.loadAsync(zip);
  const tar = pack();
  const manifests: unknown[] = [];
  for (const file of Object.values(archive.files)) {
    if (file.dir) continue;
    const content = await file.async("nodebuffer");
    crc32(content);
    if (/\.ya?ml$/.test(file.name)) manifests.push(load(content.toString(), { schema: YAML11_SCHEMA }));
    if (!flat) tar.entry({ name: file.name }, content);
  }
  if (flat) tar.entry({ name: "bundle.yaml" }, dump({ data: dump(manifests) }));
  tar.finalize();
  const packed = await buffer(tar);
  createHash("sha256").update(packed).digest("hex");
  JSON.stringify({ blob: gzipSync(packed).toString("base64") });
}

await report(RUNS[scenario] ?? { warm: 0, measured: 0 }, await prepare());
