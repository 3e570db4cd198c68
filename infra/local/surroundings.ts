import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { type KojiBuildSeed, operatorBuild, startKojiFake } from "../../test/fakes/koji.ts";
import { startQuayFake } from "../../test/fakes/quay.ts";
import { type AwsStandIn, startAws } from "./aws/aws.ts";
import { EXAMPLE, EXAMPLE_QUAY, EXAMPLE_TOKEN } from "./example.ts";
import { eventVariables, LOCAL_EVENTS } from "./notifications.ts";

const secretsSchema = z.record(z.string(), z.record(z.string(), z.string()));
const namesSchema = z.object({
  quay_url: z.optional(z.unknown()),
  kojihub_url: z.optional(z.unknown()),
  kojiroot_url: z.optional(z.unknown()),
});

/** The bucket that the stand-in for S3 has: any that is named. */
const BUCKET = "staging";

/** Secrets that cannot be read. */
export class SecretsError extends Error {}

/** What is around OMPS on this machine. */
export interface Surroundings {
  /** The fake of Quay, where one was started. */
  readonly quay?: string;
  /** The fake of Koji, where one was started. */
  readonly koji?: string;
  /** Variables that lead OMPS to what was started. */
  readonly env: Readonly<Record<string, string>>;
  /** The stand-ins for AWS, where they were started. */
  readonly aws?: AwsStandIn;
}

/**
 * Starts a fake of each service that neither the configuration file nor the environment names, and stand-ins for
 * AWS where the environment names none.
 *
 * @throws SecretsError
 */
export async function startSurroundings(
  configFile: string,
  env: NodeJS.ProcessEnv,
  packages: ExamplePackages,
): Promise<Surroundings> {
  const named = namesSchema.parse(JSON.parse(readFileSync(configFile, "utf8")));
  const quay =
    named.quay_url || env["QUAY_URL"]
      ? undefined
      : await startQuayFake({ seed: EXAMPLE_QUAY, recording: false });
  const koji =
    named.kojihub_url || named.kojiroot_url || env["KOJIHUB_URL"] || env["KOJIROOT_URL"]
      ? undefined
      : await startKojiFake({ seed: { builds: exampleBuilds(packages) }, recording: false });
  const aws = env["AWS_ENDPOINT_URL"]
    ? undefined
    : await startAws(secrets(env, quay !== undefined), LOCAL_EVENTS);
  return {
    ...(quay && { quay: quay.url }),
    ...(koji && { koji: koji.url }),
    ...(aws && { aws }),
    env: {
      ...(quay && { QUAY_URL: quay.url }),
      ...(koji && { KOJIHUB_URL: koji.hubUrl, KOJIROOT_URL: koji.rootUrl }),
      ...(aws && { OMPS_STAGING_BUCKET: BUCKET, ...eventVariables(aws.settings) }),
    },
  };
}

/** The example's package in its two layouts, zipped. */
export interface ExamplePackages {
  readonly flat: Buffer;
  readonly nested: Buffer;
}

function exampleBuilds({ flat, nested }: ExamplePackages): KojiBuildSeed[] {
  const { name, version, release } = EXAMPLE.notified;
  return [operatorBuild(EXAMPLE.nvr, flat), operatorBuild(`${name}-${version}-${release}`, nested)];
}

/** Name of each secret to its text. */
function secrets(env: NodeJS.ProcessEnv, example: boolean): Record<string, string> {
  const file = env["OMPS_LOCAL_SECRETS"];
  const tokensOfExample = { oauth_token: EXAMPLE.oauthToken, push_token: EXAMPLE_TOKEN };
  const ofExample = example ? { [EXAMPLE.organization]: tokensOfExample } : {};
  const tokens = file ? readSecrets(file) : ofExample;
  return Object.fromEntries(
    Object.entries(tokens).map(([organization, each]) => [`omps/${organization}`, JSON.stringify(each)]),
  );
}

function readSecrets(path: string): Record<string, Record<string, string>> {
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new SecretsError(
      `OMPS_LOCAL_SECRETS: ${path} is no JSON file of the form {"<organization>": {"oauth_token": "…"}}.`,
    );
  }
}
