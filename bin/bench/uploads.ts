import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { handler as uploads } from "../../functions/uploads.ts";
import { type AwsStandIn, startAws } from "../../infra/local/aws/aws.ts";
import { EXAMPLE_QUAY } from "../../infra/local/example.ts";
import { lambdaContext } from "../../infra/local/lambda-context.ts";
import { eventVariables, LOCAL_EVENTS } from "../../infra/local/notifications.ts";
import { createApp } from "../../lib/app.ts";
import { startQuayFake } from "../../test/fakes/quay.ts";
import { uploadEvent } from "./events.ts";
import { readInput } from "./inputs.ts";
import { bundleScript, measure, type Row } from "./process.ts";
import { mib } from "./requests.ts";

/** Memory that the push of the largest upload may take, in MiB: half of what a function has. */
const MAX_MIB = 512;

/** Quay has to take what is no release of Quay's any more. */
const MAX_BODY_BYTES = 100_000_000;

const BUCKET = "staging";

const uploadSchema = z.object({ upload: z.string(), fields: z.object({ key: z.string() }) });

/** The push of the largest upload, and pushes that nobody waits for; after `requestRows`, whose inputs are used. */
export async function uploadRows(folder: string): Promise<Row[]> {
  const script = await bundleScript("scenario", folder);
  const config = join(folder, "uploads.json");
  writeFileSync(config, JSON.stringify({ log_level: "ERROR" }));
  const quay = await startQuayFake({ seed: EXAMPLE_QUAY, recording: false, maxBodyBytes: MAX_BODY_BYTES });
  const aws = await startAws({}, LOCAL_EVENTS);
  const env = {
    OMPS_CONFIG: config,
    QUAY_URL: quay.url,
    OMPS_STAGING_BUCKET: BUCKET,
    OMPS_FINGERPRINT_KEY: "key",
    ...eventVariables(aws.settings),
    AWS_ENDPOINT_URL: aws.settings.endpoint,
    AWS_REGION: aws.settings.region,
    AWS_ACCESS_KEY_ID: aws.settings.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.settings.credentials.secretAccessKey,
  };
  const at = (scenario: string, ...more: string[]) => {
    quay.reset();
    return measure(script, [scenario, folder, ...more], env);
  };
  const direct = await at("direct");
  const later = await at("async");
  const large = await at("upload", await uploaded(aws, env, readInput(folder, "huge")));
  await Promise.all([quay.close(), aws.close()]);
  return [
    {
      unit: "ms",
      what: "push that nobody waits for, more than direct",
      budget: 8,
      ours: later.cpu - direct.cpu,
    },
    { unit: "ms", what: "push of an upload of 50 MB, first in its process", budget: 3000, ours: large.cpu },
    { unit: "MiB", what: "push of an upload of 50 MB, peak", budget: MAX_MIB, ours: mib(large) },
  ];
}

/** Asks for an upload, and puts an archive where it would be sent to. */
async function uploaded(
  { s3, settings }: AwsStandIn,
  env: Parameters<typeof createApp>[0],
  content: Buffer,
): Promise<string> {
  const app = createApp(env, { aws: settings });
  const { body = "" } = await uploads(uploadEvent(), { ...lambdaContext("uploads"), app });
  const { upload, fields } = uploadSchema.parse(JSON.parse(body));
  s3.objects.set(`${BUCKET}/${fields.key}`, { content, metadata: {}, etag: '"large"', written: new Date() });
  return upload;
}
