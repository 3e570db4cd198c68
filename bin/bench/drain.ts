import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as z from "zod/mini";
import { type AwsStandIn, startAws } from "../../infra/local/aws/aws.ts";
import { EXAMPLE, EXAMPLE_QUAY, EXAMPLE_TOKEN } from "../../infra/local/example.ts";
import { BUS, eventVariables, LOCAL_EVENTS } from "../../infra/local/notifications.ts";
import { type KojiBuildSeed, operatorBuild, startKojiFake } from "../../test/fakes/koji.ts";
import { startQuayFake } from "../../test/fakes/quay.ts";
import { packageZip } from "../../test/support/package.ts";
import { bundleScript } from "./process.ts";

/** How many repositories the builds are for. */
const REPOSITORIES = 200;

const OUTCOMES = "outcomes";

const outcomeSchema = z.object({
  "detail-type": z.string(),
  detail: z.object({ repository: z.optional(z.string()), nvr: z.string() }),
});
const endSchema = z.object({ cpu: z.number(), peak: z.number() });

/** How so many notifications were worked on. */
export interface Drain {
  readonly notifications: number;
  readonly seconds: number;
  /** Milliseconds of CPU of the workers, for each push. */
  readonly cpu: number;
  /** Bytes of memory of the workers at the most. */
  readonly peak: number;
  /** What went wrong; empty where each build is one release, in its repository's order. */
  readonly problems: readonly string[];
}

interface Build {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
}

function buildsOf(count: number): Build[] {
  return Array.from({ length: count }, (_, index) => {
    const repository = `op-${index % REPOSITORIES}`;
    const release = String(Math.floor(index / REPOSITORIES) + 1);
    return { repository, name: `${repository}-container`, version: "1", release };
  });
}

function seedOf({ repository, name, version, release }: Build): KojiBuildSeed {
  const zip = packageZip({ name: repository, versions: [`0.${release}.0`] });
  return operatorBuild(`${name}-${version}-${release}`, zip);
}

/**
 * Puts notifications of so many builds on the bus, and waits until workers in a process of their own have pushed them
 * all, with every service a stand-in in this process.
 */
export async function drain(count: number, folder: string): Promise<Drain> {
  process.stderr.write(`draining ${count} notifications\n`);
  const builds = buildsOf(count);
  const quay = await startQuayFake({ seed: EXAMPLE_QUAY, recording: false });
  const koji = await startKojiFake({ seed: { builds: builds.map(seedOf) }, recording: false });
  const aws = await startAws(
    { [`omps/${EXAMPLE.organization}`]: JSON.stringify({ push_token: EXAMPLE_TOKEN }) },
    withOutcomes(),
  );
  const config = join(folder, "drain.json");
  const rules = [{ package: "op-*", organization: EXAMPLE.organization }];
  writeFileSync(config, JSON.stringify({ log_level: "ERROR", notifications: { rules } }));
  const env = { OMPS_CONFIG: config, OMPS_STAGING_BUCKET: "staging", ...eventVariables(aws.settings) };
  const urls = { QUAY_URL: quay.url, KOJIHUB_URL: koji.hubUrl, KOJIROOT_URL: koji.rootUrl };
  const workers = await startProcess(folder, aws, { ...env, ...urls });

  const started = performance.now();
  await putAll(aws, builds);
  await untilDone(aws, count);
  const seconds = (performance.now() - started) / 1000;
  const { cpu, peak } = await stop(workers);
  const problems = problemsIn(aws, builds, quay.packages());
  await Promise.all([quay.close(), koji.close(), aws.close()]);
  return { notifications: count, seconds, cpu: cpu / count, peak, problems };
}

/** The bus with one rule more, by which this process learns how pushes ended. */
function withOutcomes() {
  const [bus] = LOCAL_EVENTS.buses;
  const rules = [...(bus?.rules ?? []), { pattern: { source: ["omps"] }, queue: OUTCOMES }];
  return { queues: [{ name: OUTCOMES }, ...LOCAL_EVENTS.queues], buses: [{ name: BUS, rules }] };
}

async function startProcess(
  folder: string,
  aws: AwsStandIn,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const script = await bundleScript("queue-workers", folder);
  const child = spawn(process.execPath, [script, aws.settings.endpoint], {
    env: {
      ...process.env,
      ...env,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "l",
      AWS_SECRET_ACCESS_KEY: "l",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function stop(child: ChildProcess): Promise<z.output<typeof endSchema>> {
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, "close");
  child.kill("SIGTERM");
  await ended;
  return endSchema.parse(JSON.parse(said.slice(said.lastIndexOf("{"))));
}

async function putAll({ settings }: AwsStandIn, builds: readonly Build[]): Promise<void> {
  const client = new EventBridgeClient(settings);
  for (let at = 0; at < builds.length; at += 10) {
    const Entries = builds.slice(at, at + 10).map(({ name, version, release }) => {
      const body = { attribute: "state", old: 0, new: 1, name, version, release };
      const Detail = JSON.stringify({ topic: "koji.build.complete", headers: {}, body });
      return { EventBusName: BUS, Source: "koji", DetailType: "BuildStateChange", Detail };
    });
    await client.send(new PutEventsCommand({ Entries }));
  }
}

function outcomes(aws: AwsStandIn): z.output<typeof outcomeSchema>[] {
  const messages = aws.sqs.queues.get(OUTCOMES)?.messages ?? [];
  return messages.map(({ body }) => outcomeSchema.parse(JSON.parse(body)));
}

async function untilDone(aws: AwsStandIn, count: number): Promise<void> {
  const waiting = () => aws.sqs.queues.get(OUTCOMES)?.messages.length ?? 0;
  while (waiting() < count) await sleep(20);
}

function problemsIn(
  aws: AwsStandIn,
  builds: readonly Build[],
  packages: Readonly<Record<string, { readonly releases: readonly string[] } | undefined>>,
): string[] {
  const told = outcomes(aws);
  const failed = told.filter((each) => each["detail-type"] !== "omps.release.published");
  const expected = new Map<string, number>();
  for (const { repository } of builds) expected.set(repository, (expected.get(repository) ?? 0) + 1);
  return [
    ...failed.map(({ detail }) => `${detail.nvr}: ${JSON.stringify(detail)}`),
    ...outOfOrder(told.map(({ detail }) => detail)),
    ...[...expected].flatMap(([repository, count]) => {
      const releases = packages[`${EXAMPLE.organization}/${repository}`]?.releases ?? [];
      const wanted = Array.from({ length: count }, (_, index) => `${count - index}.0.0`);
      return releases.join() === wanted.join() ? [] : [`${repository}: releases ${releases.join(", ")}`];
    }),
  ];
}

/** Builds of one repository that were not pushed in the order in which they were told of. */
function outOfOrder(
  pushed: readonly { readonly repository?: string | undefined; readonly nvr: string }[],
): string[] {
  const last = new Map<string, number>();
  return pushed.flatMap(({ repository = "", nvr }) => {
    const release = Number(nvr.split("-").at(-1));
    const before = last.get(repository) ?? 0;
    last.set(repository, release);
    return release > before ? [] : [`${repository}: release ${release} was pushed after ${before}`];
  });
}
