import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundleFunctions } from "../../infra/build/bundle.ts";
import { PROJECT } from "../../infra/build/places.ts";
import { type AwsStandIn, startAws } from "../../infra/local/aws/aws.ts";
import type { S3Director } from "../../infra/local/aws/s3.ts";
import type { SqsDirector } from "../../infra/local/aws/sqs.ts";
import { MAX_TRIES } from "../../lib/messaging/index.ts";
import { type QuayDirector, type QuayFake, type QuaySeed, startQuayFake } from "../fakes/quay.ts";
import { Mortals } from "./mortals.ts";
import { CHOICES } from "./operations.ts";

/** The organization whose repositories are pushed to, its bucket and its OAuth token. */
export const ORGANIZATION = "acme";
export const BUCKET = "staging";

/** The queue of pushes, and that of those put aside. */
export const PUSHES = "pushes.fifo";
const ASIDE = "aside.fifo";

/** For how many seconds SQS hides a message: six times the time of the worker, as the stack has it. */
const HIDDEN_S = 360;

/** What all handlers know a caller by. */
export const FINGERPRINT_KEY = "key";

const OAUTH_TOKEN = "oauth-token-of-forty-characters-00000000";

/** Who pushes. */
export const CALLERS: readonly string[] = Array.from(
  { length: CHOICES.callers },
  (_, index) => `basic ${Buffer.from(`acme+robot${index}:secret`).toString("base64")}`,
);

const SEED: QuaySeed = {
  users: [{ name: "owner", password: "secret" }],
  robots: CALLERS.map((_, index) => ({ name: `acme+robot${index}`, token: "secret" })),
  oauthTokens: [{ token: OAUTH_TOKEN, owner: "owner", scopes: ["repo:admin", "repo:read", "repo:create"] }],
  organizations: [
    { name: ORGANIZATION, owners: ["owner", ...CALLERS.map((_, index) => `acme+robot${index}`)] },
  ],
};

/** What is around the service: Quay, AWS, and threads for the handlers that die. One schedule at a time uses it. */
export class Surroundings {
  readonly quay: QuayFake;
  readonly aws: AwsStandIn;
  readonly mortals: Mortals;
  /** The time of the schedule. */
  readonly clock: Float64Array;
  readonly #code: string;
  readonly #directed: { quay: QuayDirector | undefined };

  private constructor(
    made: Pick<Surroundings, "quay" | "aws" | "clock">,
    code: string,
    directed: { quay: QuayDirector | undefined },
  ) {
    this.quay = made.quay;
    this.aws = made.aws;
    this.clock = made.clock;
    this.#code = code;
    this.#directed = directed;
    this.mortals = new Mortals({
      code,
      environment: this.environment,
      aws: made.aws.settings,
      clock: made.clock,
    });
  }

  static async start(): Promise<Surroundings> {
    const clock = new Float64Array(new SharedArrayBuffer(8));
    const now = () => clock[0] ?? 0;
    const directed: { quay: QuayDirector | undefined } = { quay: undefined };
    const quay = await startQuayFake({
      seed: SEED,
      recording: false,
      now: () => new Date(now()),
      director: {
        turn: async (op, path, perform) => directed.quay?.turn(op, path, perform) ?? {},
        amid: async (release) => directed.quay?.amid(release),
      },
    });
    const aws = await startAws(
      { [`omps/${ORGANIZATION}`]: JSON.stringify({ oauth_token: OAUTH_TOKEN }) },
      {
        now,
        queues: [
          {
            name: PUSHES,
            visibilityTimeout: HIDDEN_S,
            deadLetters: { queue: ASIDE, maxReceiveCount: MAX_TRIES },
          },
          { name: ASIDE },
        ],
      },
    );
    const code = mkdtempSync(join(PROJECT, "node_modules", ".exactly-once-"));
    await bundleFunctions({ outdir: code, functions: join(import.meta.dirname, "worker") });
    return new Surroundings({ quay, aws, clock }, code, directed);
  }

  /** That of the functions. */
  get environment() {
    return {
      OMPS_STAGING_BUCKET: BUCKET,
      OMPS_FINGERPRINT_KEY: FINGERPRINT_KEY,
      OMPS_TOKEN_KEY: "token-key",
      OMPS_PUSH_QUEUE: this.aws.queueUrl(PUSHES),
      OMPS_DEAD_LETTER_QUEUE: this.aws.queueUrl(ASIDE),
    };
  }

  /** Forgets all; none directs them any more. */
  reset(): void {
    this.quay.reset();
    this.aws.s3.reset();
    this.aws.sqs.reset();
    this.#directed.quay = undefined;
  }

  /** @param fail is told of what goes wrong in them, and ends the request without an answer */
  direct(
    { quay, s3, sqs }: { quay: QuayDirector; s3: S3Director; sqs: SqsDirector },
    fail: (error: unknown) => Promise<never>,
  ): void {
    this.#directed.quay = {
      turn: (...request) => quay.turn(...request).catch(fail),
      amid: (release) => quay.amid(release),
    };
    this.aws.s3.director = (...request) => s3(...request).catch(fail);
    this.aws.sqs.director = (...request) => sqs(...request).catch(fail);
  }

  async close(): Promise<void> {
    await Promise.all([this.mortals.close(), this.quay.close(), this.aws.close()]);
    rmSync(this.#code, { recursive: true });
  }
}
