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
import { buildEvent, deleteEvent, pushEvent, pushUploadEvent } from "./events.ts";
import { readInput } from "./inputs.ts";
import { type Runs, report } from "./measure.ts";

/** What one process measures. */
const [, , scenario = "", folder = "", upload = ""] = process.argv;

const operationSchema = z.object({ operation: z.string() });

const RUNS: Readonly<Record<string, Runs>> = {
  small: { warm: 40, measured: 100 },
  "small-plain": { warm: 40, measured: 100 },
  big: { warm: 2, measured: 6 },
  "big-plain": { warm: 2, measured: 6 },
  koji: { warm: 40, measured: 100 },
  delete: { warm: 200, measured: 1000 },
  upload: { warm: 0, measured: 1 },
  async: { warm: 100, measured: 100 },
};

/** Which function a scenario is about; push-zipfile unless told. */
const HANDLERS: Readonly<Record<string, string>> = { delete: "delete-releases", koji: "push-koji" };

async function handlerOf(name: string): Promise<Handler> {
  const module: { handler: Handler } = await import(`${folder}/${name}.mjs`);
  return module.handler;
}

/** The push of a build, or of what was uploaded before, or a delete. */
function bareEvent(run: number): APIGatewayProxyEventV2 {
  if (scenario === "upload") return pushUploadEvent(upload, `${run}.0.0`);
  return scenario === "koji" ? buildEvent(`${run}.0.0`) : deleteEvent("1.0.0");
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
      const { operation } = operationSchema.parse(JSON.parse(body));
      const message = queueMessage({ operation }, { group: "any" });
      const { batchItemFailures } = await worker.handler(batch(message), lambdaContext("push-worker"));
      if (batchItemFailures.length > 0) throw new Error(`${scenario}: the worker failed`);
    };
  };
}

/** Gives the work of one run, and what is made for it outside the measured time. */
async function prepare(): Promise<(run: number) => () => Promise<unknown>> {
  if (scenario === "async") return prepareAsync();
  const input = scenario.startsWith("big") ? "big" : "small";
  if (scenario.endsWith("-plain")) {
    const zip = readInput(folder, input);
    return () => () => plainly(zip, input === "small");
  }
  const name = HANDLERS[scenario] ?? "push-zipfile";
  const handler = await handlerOf(name);
  const zip = name === "push-zipfile" && scenario !== "upload" ? readInput(folder, input) : undefined;
  return (run) => {
    const event = zip ? pushEvent(zip, `${run}.0.0`) : bareEvent(run);
    return async () => {
      const { statusCode, body } = await handler(event, lambdaContext(name));
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
