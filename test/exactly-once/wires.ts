import type { S3Director, S3StandIn } from "../../infra/local/aws/s3.ts";
import type { S3Answer } from "../../infra/local/aws/s3-answer.ts";
import type { Answer } from "../fakes/answer.ts";
import type { QuayDirector, QuayFaultAction, QuayOp } from "../fakes/quay.ts";
import {
  purposeOf,
  type QuayFailure,
  quayAction,
  type S3Failure,
  Script,
  type SqsFailure,
  s3Answer,
} from "./faults.ts";
import { type Attempt, type Ledger, WorkerAttempt } from "./ledger.ts";
import type { Death } from "./operations.ts";
import type { Actor, Simulation } from "./simulation.ts";

/** How long Quay may work on a push that was given up, in milliseconds. */
const QUAY_WORKS_MS = 90_000;

/** How long a request to S3 may be on its way, in milliseconds. */
export const S3_WORKS_MS = 10_000;

/** What a schedule is made of. */
export interface Scene {
  readonly simulation: Simulation;
  readonly ledger: Ledger;
  /** The attempt of the one who works. */
  attempt(): Attempt;
  /** Kills the function that works on an attempt. */
  kill(attempt: Attempt): Promise<void>;
  /** How often each thing happened. */
  count(what: string): void;
}

/** What is left to do of a change that has begun. */
type Rest = () => Promise<void>;

/** The way to Quay: whose request is served when, and what goes wrong. */
export class QuayWire implements QuayDirector {
  readonly script = new Script<QuayFailure>();
  readonly #scene: Scene;
  /** Lets the push that has just looked store its release. */
  #goOn: (() => void)[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  amid(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn.push(resolve);
    });
  }

  async turn(op: QuayOp, path: string, perform: () => Promise<Answer>): Promise<QuayFaultAction> {
    const { simulation } = this.#scene;
    const attempt = this.#scene.attempt();
    attempt.waits++;
    const late = () => this.#late(attempt, perform);
    const actor = await simulation.turn(() => simulation.random() < 0.5 && late());
    const failure = this.script.take(({ on }) => on === purposeOf(op));
    const doomed = doomOf(attempt, failure);
    const happens = doomed?.happens ?? failure?.happens ?? "yes";
    simulation.note(`${attempt.name}: Quay ${op} ${path}, ${told(undefined, failure, doomed)}`);
    if (happens === "yes") await this.#now(actor, attempt, perform);
    if (doomed) {
      if (happens === "late") late();
      simulation.resume(actor);
      await this.#scene.kill(attempt);
      return { hang: true };
    }
    if (!failure) return this.#answer(actor, {});
    this.#scene.count(`Quay ${failure.sight}, done: ${happens}`);
    if (failure.sight === "hang") {
      hold(simulation, actor, happens === "late" ? late : () => {});
      return { hang: true };
    }
    if (happens === "late") late();
    return this.#answer(actor, quayAction(failure));
  }

  #answer(actor: Actor, action: QuayFaultAction): QuayFaultAction {
    this.#scene.simulation.resume(actor);
    return action;
  }

  /** Makes the change; while a push is between its two steps it is somebody else's turn. */
  async #now(actor: Actor, attempt: Attempt, perform: () => Promise<Answer>): Promise<void> {
    const { simulation } = this.#scene;
    const { rest, halfway } = this.#begin(attempt, perform);
    if (halfway) {
      simulation.resume(actor);
      await simulation.turn(() => this.#later(rest));
    }
    await rest();
  }

  /** Makes the change when nobody waits for it any more; a push may look at once whether its release exists. */
  #late(attempt: Attempt, perform: () => Promise<Answer>): void {
    const { simulation } = this.#scene;
    if (simulation.random() < 0.5) {
      this.#later(() => this.#begin(attempt, perform).rest());
      return;
    }
    const { rest, halfway } = this.#begin(attempt, perform);
    if (halfway) this.#later(rest);
    // What is no push is done in one go, and noted at once.
    else rest().catch((error: unknown) => simulation.fail(error));
  }

  #later(rest: Rest): void {
    const { simulation } = this.#scene;
    this.#scene.count("changes that Quay made late");
    simulation.later(simulation.random() * QUAY_WORKS_MS, rest);
  }

  #begin(attempt: Attempt, perform: () => Promise<Answer>): { rest: Rest; halfway: boolean } {
    const { ledger, simulation } = this.#scene;
    this.#goOn = [];
    const made = perform();
    const [goOn] = this.#goOn;
    const rest = async () => {
      goOn?.();
      await made;
      const before = ledger.length;
      ledger.observe(attempt);
      if (ledger.length > before) simulation.note(`${attempt.name}: is done at Quay`);
    };
    return { rest, halfway: goOn !== undefined };
  }
}

/** The way to S3. */
export class S3Wire {
  readonly script = new Script<S3Failure>();
  readonly #scene: Scene;
  readonly #objects: S3StandIn["objects"];

  constructor(scene: Scene, objects: S3StandIn["objects"]) {
    this.#scene = scene;
    this.#objects = objects;
  }

  readonly turn: S3Director = async (line, perform) => {
    const { simulation } = this.#scene;
    const attempt = this.#scene.attempt();
    if (simulation.aside) return this.#perform(attempt, line, perform);
    attempt.waits++;
    const firm = attempt instanceof WorkerAttempt;
    const late = () => this.#late(() => this.#perform(attempt, line, perform));
    const actor = await simulation.turn(() => simulation.random() < 0.5 && late(), firm);
    const failure = this.script.take();
    const doomed = doomOf(attempt, failure);
    const happens = doomed?.happens ?? failure?.happens ?? "yes";
    const made = happens === "yes" ? this.#perform(attempt, line, perform) : undefined;
    if (doomed || failure || !line.startsWith("GET"))
      simulation.note(`${attempt.name}: S3 ${line}, ${told(made?.status, failure, doomed)}`);
    if (doomed) {
      if (happens === "late") late();
      simulation.resume(actor);
      await this.#scene.kill(attempt);
      return undefined;
    }
    if (failure) this.#scene.count(`S3 ${failure.sight}, done: ${happens}`);
    if (failure?.sight === "hang" && !firm) {
      hold(simulation, actor, happens === "late" ? late : () => {});
      return new Promise(() => {});
    }
    simulation.resume(actor);
    return failure ? s3Answer(failure) : made;
  };

  #perform(attempt: Attempt, line: string, perform: () => S3Answer): S3Answer {
    const answer = perform();
    const [method, name = ""] = line.split(" ");
    if (method !== "GET" && name.includes("/pushes/") && answer.status < 300) {
      const record = this.#objects.get(name)?.content.toString() ?? "";
      attempt.freed = !record.includes('"holder"');
    }
    return answer;
  }

  #late(perform: () => S3Answer): void {
    const { simulation } = this.#scene;
    simulation.later(simulation.random() * S3_WORKS_MS, () => void perform());
  }
}

/** What is said of a call, for whoever reads what happened. */
export function told(
  status: number | undefined,
  failure: object | undefined,
  doomed: object | undefined,
): string {
  return [status ?? "", failure ? JSON.stringify(failure) : "", doomed ? "killed" : ""].join(" ");
}

/** Whether a function is killed now: nobody waits for an answer that never comes. */
export function doomOf(
  attempt: Attempt,
  failure: QuayFailure | S3Failure | SqsFailure | undefined,
): Pick<Death, "happens"> | undefined {
  return attempt.doom ?? (attempt.death && failure?.sight === "hang" ? failure : undefined);
}

/** Lets a request wait for an answer that never comes. */
export function hold(simulation: Simulation, actor: Actor, leave: () => void): void {
  simulation.resume(actor);
  simulation.pause(leave);
}
