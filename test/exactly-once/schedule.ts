import assert from "node:assert/strict";
import { toEvent } from "../../infra/local/event.ts";
import { handlers } from "../../infra/local/handlers.ts";
import { FUNCTION_TIMEOUT_MS, lambdaContext } from "../../infra/local/lambda-context.ts";
import { type App, createApp } from "../../lib/app.ts";
import { parseConfig } from "../../lib/config/index.ts";
import { LEASE_MS } from "../../lib/publish/repository-lock.ts";
import { createLog } from "../../lib/telemetry/index.ts";
import { type Answer, form } from "../support/omps.ts";
import { CLIENTS } from "./clients.ts";
import { contentOf, repositoryOf } from "./contents.ts";
import type { QuayFailure, S3Failure } from "./faults.ts";
import { Attempt, Ledger } from "./ledger.ts";
import type { Result } from "./mortals.ts";
import { CHOICES, type Operation, type Push } from "./operations.ts";
import { type Actor, Simulation } from "./simulation.ts";
import { BUCKET, CALLERS, FINGERPRINT_KEY, ORGANIZATION, type Surroundings } from "./surroundings.ts";
import { QuayWire, S3_WORKS_MS, S3Wire, type Scene } from "./wires.ts";

/** What one schedule has of its own. */
export interface ScheduleSettings {
  /** Decides whose turn it is. */
  readonly seed: number;
  /** How often of a hundred times time passes while somebody waits for an answer. */
  readonly sluggish: number;
  /** Whether the organization's repositories are made public. */
  readonly public: boolean;
}

/** One schedule: the service, its callers, and all that goes wrong. */
export class Schedule implements Scene {
  readonly simulation: Simulation;
  readonly ledger: Ledger;
  readonly #around: Surroundings;
  readonly #counts: Map<string, number>;
  readonly #config: string;
  readonly #app: App;
  readonly #quay: QuayWire;
  readonly #s3: S3Wire;
  readonly #attempts = new Map<Actor, Attempt>();
  readonly #mortals = new Map<Attempt, { kill(): Promise<void> }>();
  #keys = 0;

  /** @param counts gets how often each thing happened */
  constructor(around: Surroundings, settings: ScheduleSettings, counts: Map<string, number>) {
    around.reset();
    this.#around = around;
    this.#counts = counts;
    const simulation = new Simulation(settings.seed, around.clock, settings.sluggish);
    this.simulation = simulation;
    const { quay, aws } = around;
    const fullName = (repo: number) => `${ORGANIZATION}/${repositoryOf(repo)}`;
    const sight = {
      rows: (repo: number) => quay.rows(fullName(repo)),
      isPublic: (repo: number) => quay.packages()[fullName(repo)]?.visibility === "public",
      publishes: settings.public,
      digest: (push: Push) => contentOf(push).digest,
    };
    this.ledger = new Ledger(sight, CHOICES.repos);
    this.#config = JSON.stringify({
      quay_url: quay.url,
      kojihub_url: quay.url,
      kojiroot_url: quay.url,
      log_level: "ERROR",
      organizations: { [ORGANIZATION]: { public: settings.public } },
    });
    this.#app = appOf(simulation, this.#config, around);
    this.#quay = new QuayWire(this);
    this.#s3 = new S3Wire(this, aws.s3.objects);
    around.direct(this.#quay, this.#s3.turn, (error) => simulation.fail(error));
  }

  attempt(): Attempt {
    const attempt = this.#attempts.get(this.simulation.working);
    if (!attempt) throw new Error("who works has nothing to do");
    return attempt;
  }

  async kill(attempt: Attempt): Promise<void> {
    this.count("killed handlers");
    await this.#mortals.get(attempt)?.kill();
  }

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** Has operations done side by side, each with the retries of its client, while these things go wrong. */
  async group(
    operations: readonly Operation[],
    quay: readonly QuayFailure[],
    s3: readonly S3Failure[],
  ): Promise<void> {
    this.#quay.script.begin(quay);
    this.#s3.script.begin(s3);
    for (const operation of operations)
      this.simulation.enter(JSON.stringify(operation), operation.after * 1000, () => this.#serve(operation));
    await this.simulation.run();
    this.#quay.script.begin([]);
    this.#s3.script.begin([]);
  }

  /** At the end, the lease time after the last write of a lease, each repository must be to be had at once. */
  async close(): Promise<void> {
    await this.simulation.pass(S3_WORKS_MS);
    await this.simulation.pass(LEASE_MS + 1000);
    this.simulation.sluggish = 0;
    for (let repo = 0; repo < CHOICES.repos; repo++) {
      const { now } = this.simulation;
      const last: Push = {
        kind: "push",
        repo,
        caller: 0,
        content: CHOICES.contents,
        given: undefined,
        client: "once",
        keyed: false,
        lost: 0,
        after: 0,
        death: undefined,
      };
      const before = this.ledger.length;
      await this.group([last], [], []);
      assert.equal(this.simulation.now, now, `${repositoryOf(repo)} is not free after the lease time`);
      assert.equal(
        this.ledger.length,
        before + 1,
        `${repositoryOf(repo)} does not work after the lease time`,
      );
    }
  }

  async #serve(operation: Operation): Promise<void> {
    const { simulation, ledger } = this;
    const client = CLIENTS[operation.client];
    const key = operation.keyed ? `key-${this.#keys++}` : undefined;
    this.count(`operations: ${operation.kind} (${operation.client})`);
    ledger.asked(operation);
    const first = ledger.length;
    for (let tried = 1; ; tried++) {
      const attempt = new Attempt(operation, tried, ledger.length, first);
      this.#attempts.set(simulation.working, attempt);
      const answer = await this.#call(attempt, key);
      this.count(`attempts answered: ${nameOf(answer)}`);
      simulation.note(`${attempt.name}: answer ${JSON.stringify(answer ?? "killed").slice(0, 200)}`);
      ledger.answered(attempt, answer);
      const lost = key !== undefined && tried <= operation.lost;
      const heard = lost ? undefined : (answer ?? CRASHED);
      if (tried === client.tries || !client.retries(heard)) return;
      await simulation.sleep(client.pause(tried, heard));
    }
  }

  /** Gives undefined where the handler was killed. */
  async #call(attempt: Attempt, key: string | undefined): Promise<Answer | undefined> {
    const { operation } = attempt;
    const { now } = this.simulation;
    const name = operation.kind === "push" ? "push-zipfile" : "delete-releases";
    // Most have not much time to wait for the repository, or the test would see little else.
    const age = this.simulation.random() < 0.8 ? LATE_MS : 0;
    const event = toEvent(requestOf(operation, key), now - age);
    if (attempt.death) {
      const mortal = this.#around.mortals.invoke({
        name,
        event,
        config: this.#config,
        sleep: (milliseconds) => this.#sleepOrDie(attempt, milliseconds),
      });
      this.#mortals.set(attempt, mortal);
      const result = await mortal.result;
      return result && answerOf(result);
    }
    const getRemainingTimeInMillis = () => FUNCTION_TIMEOUT_MS - (this.simulation.now - now);
    const context = { ...lambdaContext(name), getRemainingTimeInMillis, app: this.#app };
    return answerOf(await handlers[name](event, context));
  }

  async #sleepOrDie(attempt: Attempt, milliseconds: number): Promise<void> {
    attempt.waits++;
    if (!attempt.doom) return this.simulation.sleep(milliseconds);
    await this.kill(attempt);
    return new Promise(() => {});
  }
}

/** What a handler gives. */
type Answered = { readonly [Key in keyof Result]?: Result[Key] | undefined };

/** How old most requests are when the function begins, in milliseconds: a slow start. */
const LATE_MS = 18_000;

/** What API Gateway says when a function dies. */
const CRASHED: Answer = { status: 500, headers: {}, body: { message: "Internal Server Error" } };

/** The service, whose time and chance are those of the simulation. */
function appOf(simulation: Simulation, config: string, { aws }: Surroundings): App {
  return createApp(
    { OMPS_STAGING_BUCKET: BUCKET, OMPS_FINGERPRINT_KEY: FINGERPRINT_KEY },
    {
      config: parseConfig(config, "test"),
      aws: aws.settings,
      log: createLog("ERROR", () => {}),
      now: () => simulation.now,
      random: () => simulation.random(),
      sleep: (milliseconds, signal) => simulation.sleep(milliseconds, signal),
      timer: {
        elapsed: () => simulation.now,
        after: (milliseconds, act) => simulation.alarm(milliseconds, act),
      },
    },
  );
}

/** What kind of answer it is, to be counted. */
function nameOf(answer: Answer | undefined): string {
  if (!answer) return "killed";
  const error = answer.body["error"];
  return typeof error === "string" ? `${answer.status} ${error}` : String(answer.status);
}

function requestOf(operation: Operation, key: string | undefined) {
  const { kind, repo, given, caller } = operation;
  const { headers, body } =
    kind === "push" ? form(contentOf(operation).zip) : { headers: {}, body: undefined };
  const path = `/v1/${ORGANIZATION}/${repositoryOf(repo)}${kind === "push" ? "/zipfile" : ""}`;
  return {
    method: kind === "push" ? "POST" : "DELETE",
    target: given === undefined ? path : `${path}/${given}`,
    headers: {
      ...headers,
      authorization: CALLERS[caller] ?? "",
      ...(key !== undefined && { "idempotency-key": key }),
    },
    body,
  };
}

function answerOf({ statusCode = 0, headers = {}, body = "null" }: Answered): Answer {
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== "object" || parsed === null) throw new TypeError(`no JSON object: ${body}`);
  return { status: statusCode, headers, body: { ...parsed } };
}
