import type { SQSRecord } from "aws-lambda";
import { handler as pushWorker } from "../../functions/push-worker.ts";
import { failedOf } from "../../infra/local/batch-response.ts";
import { type IncomingCall, toEvent } from "../../infra/local/event.ts";
import { handlers } from "../../infra/local/handlers.ts";
import { lambdaContext } from "../../infra/local/lambda-context.ts";
import { type App, createApp } from "../../lib/app.ts";
import { parseConfig } from "../../lib/config/index.ts";
import { createLog } from "../../lib/telemetry/index.ts";
import type { Answer } from "../support/omps.ts";
import { type FunctionCall, TIMEOUTS_MS } from "./function-call.ts";
import type { Attempt } from "./ledger.ts";
import { answerOf } from "./requests.ts";
import type { Simulation } from "./simulation.ts";
import type { Surroundings } from "./surroundings.ts";

/** How old most requests are when the function begins, in milliseconds: a slow start. */
const LATE_MS = 18_000;

/** The functions of the service, each in this process, or where it is to die in a thread. Their time is the simulation's. */
export class Functions {
  readonly #around: Surroundings;
  readonly #simulation: Simulation;
  readonly #config: string;
  readonly #app: App;
  readonly #mortals = new Map<Attempt, { kill(): Promise<void> }>();

  /** @param config the configuration's text */
  constructor(around: Surroundings, simulation: Simulation, config: string) {
    this.#around = around;
    this.#simulation = simulation;
    this.#config = config;
    this.#app = appOf(simulation, config, around);
  }

  /** Has an attempt's request answered; undefined: the function was killed. */
  async answer(attempt: Attempt, request: IncomingCall): Promise<Answer | undefined> {
    const { now } = this.#simulation;
    // Most have not much time to wait for the repository, or the test would see little else.
    const event = toEvent(request, now - (this.#simulation.random() < 0.8 ? LATE_MS : 0));
    const name = attempt.operation.kind === "push" ? "push-zipfile" : "delete-releases";
    const result = await this.#call(attempt, { name, event });
    return result === undefined ? undefined : answerOf(result);
  }

  /** Asks how an operation goes. */
  async tell(request: IncomingCall): Promise<Answer> {
    const context = { ...lambdaContext("operations"), app: this.#app };
    return answerOf(await handlers.operations(toEvent(request, this.#simulation.now), context));
  }

  /** Has a message worked on; gives whether it is done. */
  async work(attempt: Attempt, record: SQSRecord): Promise<boolean> {
    const result = await this.#call(attempt, { name: "push-worker", event: { Records: [record] } });
    return result !== undefined && failedOf(result, [record.messageId]).size === 0;
  }

  async kill(attempt: Attempt): Promise<void> {
    await this.#mortals.get(attempt)?.kill();
  }

  #call(attempt: Attempt, call: FunctionCall): Promise<unknown> {
    if (attempt.death) return this.#callMortal(attempt, call);
    const { now } = this.#simulation;
    const getRemainingTimeInMillis = () => TIMEOUTS_MS[call.name] - (this.#simulation.now - now);
    const context = { ...lambdaContext(call.name), getRemainingTimeInMillis, app: this.#app };
    return call.name === "push-worker"
      ? pushWorker(call.event, context)
      : handlers[call.name](call.event, context);
  }

  #callMortal(attempt: Attempt, call: FunctionCall): Promise<unknown> {
    const mortal = this.#around.mortals.invoke({
      call,
      config: this.#config,
      sleep: (milliseconds) => this.#sleepOrDie(attempt, milliseconds),
    });
    this.#mortals.set(attempt, mortal);
    return mortal.result;
  }

  async #sleepOrDie(attempt: Attempt, milliseconds: number): Promise<void> {
    attempt.waits++;
    if (!attempt.doom) return this.#simulation.sleep(milliseconds);
    await this.kill(attempt);
    return new Promise(() => {});
  }
}

/** The service, whose time and chance are those of the simulation. */
function appOf(simulation: Simulation, config: string, { aws, environment }: Surroundings): App {
  return createApp(environment, {
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
  });
}
