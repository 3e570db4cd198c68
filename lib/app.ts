import { setTimeout as wait } from "node:timers/promises";
import manifest from "../package.json" with { type: "json" };
import type { AwsSettings } from "./aws/index.ts";
import { type Config, type ConfigEnvironment, loadConfig, readCaBundle } from "./config/index.ts";
import { type CallDeadline, HttpClient, type HttpTrace, Trust } from "./http/index.ts";
import { Bus, Queue } from "./messaging/index.ts";
import { OrganizationSecrets, type TokenKey } from "./secrets/index.ts";
import { type BucketPlace, StagingBucket } from "./staging/index.ts";
import {
  createFingerprint,
  createLog,
  createMetrics,
  type Fingerprint,
  type Log,
  type Metrics,
  NO_METRICS,
} from "./telemetry/index.ts";
import { REAL_TIMER, type Timer } from "./timer.ts";

/** Version of OMPS. */
export const VERSION: string = manifest.version;

/** The release of operator-courier whose rules we follow. */
export const COURIER_VERSION = "2.1.11";

/** Environment variables of a function: those of the configuration, and what the stack tells of itself. */
export type AppEnvironment = ConfigEnvironment &
  Readonly<
    Partial<
      Record<
        | "OMPS_SECRET_PREFIX"
        | "OMPS_STAGING_BUCKET"
        /** URL of the queue of pushes. */
        | "OMPS_PUSH_QUEUE"
        /** URL of the queue of pushes that were put aside. */
        | "OMPS_DEAD_LETTER_QUEUE"
        /** Name of the bus. */
        | "OMPS_BUS"
        /** The stack's name. Without it there are no metrics. */
        | "OMPS_DEPLOYMENT"
        /** The key of KMS that encrypts the tokens of pushes that nobody waits for. */
        | "OMPS_TOKEN_KEY"
        /** The key of the fingerprints of tokens. */
        | "OMPS_FINGERPRINT_KEY",
        string
      >
    >
  >;

/** What may be given in place of the configuration file, the real log, clocks, waits, chance and AWS. */
export interface AppParts {
  readonly config?: Config;
  readonly aws?: AwsSettings;
  readonly log?: Log;
  readonly metrics?: Metrics;
  readonly now?: () => number;
  /** Waits some milliseconds; rejects when the signal ends the wait. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Ends what takes too long. */
  readonly timer?: Timer;
  /** Spreads waits: from 0 to below 1. */
  readonly random?: () => number;
}

/** Everything that lives as long as a container. */
export interface App {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly fingerprint: Fingerprint;
  readonly now: () => number;
  readonly secrets: OrganizationSecrets;
  /** Undefined where no bucket is named: large archives are then held in memory. */
  readonly staging: StagingBucket | undefined;
  /** Where that bucket is. */
  readonly bucket: BucketPlace | undefined;
  /** The queue of pushes; undefined where none is named. */
  readonly pushes: Queue | undefined;
  /** Where pushes are put aside that cannot be done; undefined where none is named. */
  readonly deadLetters: Queue | undefined;
  /** Encrypts the tokens of pushes that nobody waits for; undefined where no key is named: then everybody waits. */
  readonly tokenKey: TokenKey | undefined;
  /** Where is told how pushes ended; undefined where none is named. */
  readonly bus: Bus | undefined;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly timer: Timer;
  readonly random: () => number;
  /** The way out for one request, whose calls end with the deadline. */
  connect(deadline: CallDeadline, trace: (line: HttpTrace) => void): HttpClient;
}

/**
 * Puts the service together.
 *
 * @throws ConfigError when the configuration, or the certificates that it names, are not in order
 */
export function createApp(env: AppEnvironment, parts: AppParts = {}): App {
  const config = parts.config ?? loadConfig(env);
  const { now = Date.now, sleep = pause, timer = REAL_TIMER, random = Math.random } = parts;
  const bucket = env.OMPS_STAGING_BUCKET;
  const deployment = env.OMPS_DEPLOYMENT;
  const place = { aws: parts.aws ?? {}, env: process.env };
  const trust = config.ca_bundle === undefined ? undefined : new Trust(readCaBundle(config.ca_bundle));
  return {
    config,
    log: parts.log ?? createLog(config.log_level),
    metrics: parts.metrics ?? (deployment ? createMetrics(deployment) : NO_METRICS),
    fingerprint: createFingerprint(env.OMPS_FINGERPRINT_KEY),
    now,
    sleep,
    timer,
    random,
    secrets: new OrganizationSecrets({
      prefix: env.OMPS_SECRET_PREFIX ?? "omps/",
      now,
      ...(parts.aws && { aws: parts.aws }),
    }),
    staging: bucket ? new StagingBucket(bucket, parts.aws) : undefined,
    bucket: bucket ? { bucket, ...place } : undefined,
    tokenKey: env.OMPS_TOKEN_KEY ? { key: env.OMPS_TOKEN_KEY, ...place } : undefined,
    pushes: env.OMPS_PUSH_QUEUE ? new Queue({ url: env.OMPS_PUSH_QUEUE, ...place }) : undefined,
    deadLetters: env.OMPS_DEAD_LETTER_QUEUE
      ? new Queue({ url: env.OMPS_DEAD_LETTER_QUEUE, ...place })
      : undefined,
    bus: env.OMPS_BUS ? new Bus(env.OMPS_BUS, parts.aws) : undefined,
    connect: (deadline, trace) =>
      new HttpClient({
        timeoutMs: config.request_timeout * 1000,
        deadline,
        sleep,
        timer,
        random,
        userAgent: `omps/${VERSION}`,
        ...(trust && { trust }),
        trace,
      }),
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal });
}
