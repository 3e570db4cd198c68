import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { createApp } from "../../lib/app.ts";
import type { AwsSettings } from "../../lib/aws/index.ts";
import { ConfigError } from "../../lib/config/index.ts";
import { startQuayFake } from "../../test/fakes/quay.ts";
import { startAws } from "./aws/aws.ts";
import { EXAMPLE, EXAMPLE_CONFIG, EXAMPLE_QUAY, EXAMPLE_TOKEN, exampleZip } from "./example.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { handlers } from "./handlers.ts";

const HELP = `Usage: npm start

Runs OMPS on this machine: the functions that are deployed to AWS, behind a front with API Gateway's limits,
with stand-ins for Quay and for Secrets Manager. Everything listens on the loopback only.

Environment:
  PORT                 where OMPS listens (8080; 0: a free one)
  OMPS_CONFIG          a configuration file, instead of the example's
  OMPS_LOCAL_SECRETS   a JSON file {"<organization>": {"oauth_token": "…"}}
  QUAY_URL             a Quay to use; also KOJIHUB_URL, KOJIROOT_URL, GREENWAVE_URL.
                       A fake of Quay starts only where neither this nor the configuration names one.
  AWS_ENDPOINT_URL     AWS stand-ins to use instead of the embedded ones
`;

const portSchema = z.string().check(
  z.regex(/^\d{1,5}$/),
  z.refine((port) => Number(port) <= 65_535),
);
const secretsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** A problem that one line explains. */
class StartError extends Error {}

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const port = portSchema.safeParse(env["PORT"] ?? "8080");
  if (!port.success)
    throw new StartError(`PORT must be a number from 0 to 65535, not ${JSON.stringify(env["PORT"])}.`);
  const folder = mkdtempSync(join(tmpdir(), "omps-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const config = env["OMPS_CONFIG"] || writeJson(join(folder, "config.json"), EXAMPLE_CONFIG);
  createApp({ ...env, OMPS_CONFIG: config });

  const quay = namesQuay(config, env)
    ? undefined
    : await startQuayFake({ seed: EXAMPLE_QUAY, recording: false });
  const aws = await standInForAws(env, quay !== undefined);
  const app = createApp({ ...env, OMPS_CONFIG: config, ...(quay && { QUAY_URL: quay.url }) }, aws && { aws });
  const gateway = await startGateway({
    port: Number(port.data),
    context: { app },
    handlers,
  }).catch((error: unknown) => {
    throw new StartError(`Port ${port.data} cannot be used (${errorCode(error)}). Choose another with PORT.`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
  const zip = join(folder, `${EXAMPLE.repository}.zip`);
  writeFileSync(zip, await exampleZip("flat"));
  process.stdout.write(
    quay
      ? welcome(gateway, quay.url, zip)
      : `OMPS is ready at ${gateway.url}, with Quay at ${app.config.quay_url}\n`,
  );
}

/** Gives undefined where the environment tells AWS's clients where to go. */
async function standInForAws(env: NodeJS.ProcessEnv, example: boolean): Promise<AwsSettings | undefined> {
  if (env["AWS_ENDPOINT_URL"]) return undefined;
  const secrets = env["OMPS_LOCAL_SECRETS"]
    ? readSecrets(env["OMPS_LOCAL_SECRETS"])
    : example
      ? { [EXAMPLE.organization]: { oauth_token: EXAMPLE.oauthToken } }
      : {};
  const named = Object.entries(secrets).map(([organization, tokens]) => [
    `omps/${organization}`,
    JSON.stringify(tokens),
  ]);
  return (await startAws(Object.fromEntries(named))).settings;
}

function readSecrets(path: string): Record<string, Record<string, string>> {
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new StartError(
      `OMPS_LOCAL_SECRETS: ${path} is no JSON file of the form {"<organization>": {"oauth_token": "…"}}.`,
    );
  }
}

function namesQuay(config: string, env: NodeJS.ProcessEnv): boolean {
  const named = z.object({ quay_url: z.string() }).safeParse(JSON.parse(readFileSync(config, "utf8")));
  return named.success || Boolean(env["QUAY_URL"]);
}

function writeJson(path: string, value: object): string {
  writeFileSync(path, JSON.stringify(value));
  return path;
}

function welcome({ url }: Gateway, quay: string, zip: string): string {
  const { organization, repository, user, password } = EXAMPLE;
  const authorization = `-H 'Authorization: ${EXAMPLE_TOKEN}'`;
  const login = JSON.stringify({ user: { username: user, password } });
  return `OMPS is ready at ${url}, with a fake of Quay at ${quay}

An example token, for the organization "${organization}":
  ${EXAMPLE_TOKEN}
Quay gives it for a user name and a password:
  curl -H 'Content-Type: application/json' -d '${login}' ${quay}/cnr/api/v1/users/login

Try next:
  curl ${authorization} -F file=@${zip} ${url}/v1/${organization}/${repository}/zipfile
  curl ${authorization} -X DELETE ${url}/v1/${organization}/${repository}/1.0.0
`;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (values.help) {
  process.stdout.write(HELP);
} else {
  await start(process.env).catch((error: unknown) => {
    const known = error instanceof StartError || error instanceof ConfigError;
    process.stderr.write(
      known ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  });
}
