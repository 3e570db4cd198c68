import type { JsonAnswer } from "../../infra/local/aws/json-answer.ts";
import type { SqsDirector } from "../../infra/local/aws/sqs.ts";
import { Script, type SqsFailure } from "./faults.ts";
import { type Attempt, WorkerAttempt } from "./ledger.ts";
import { doomOf, hold, type Scene, told } from "./wires.ts";

/** How long a call may be on its way to SQS, in milliseconds. */
const SQS_WORKS_MS = 10_000;

/** An answer that SQS's client does not ask for again. */
const REFUSED: JsonAnswer = {
  status: 400,
  body: { __type: "com.amazonaws.sqs#RequestThrottledByTest", message: "scripted" },
};

/** The way to SQS. */
export class SqsWire {
  readonly script = new Script<SqsFailure>();
  readonly #scene: Scene;
  readonly #done: (attempt: Attempt, operation: string, input: unknown) => void;

  /** @param done is told of each call that was done */
  constructor(scene: Scene, done: (attempt: Attempt, operation: string, input: unknown) => void) {
    this.#scene = scene;
    this.#done = done;
  }

  readonly turn: SqsDirector = async (operation, input, perform) => {
    const { simulation } = this.#scene;
    const attempt = this.#scene.attempt();
    attempt.waits++;
    const firm = attempt instanceof WorkerAttempt;
    const act = () => {
      const answer = perform();
      this.#done(attempt, operation, input);
      return answer;
    };
    const late = () => void simulation.later(simulation.random() * SQS_WORKS_MS, () => void act());
    const actor = await simulation.turn(() => simulation.random() < 0.5 && late(), firm);
    const failure = this.script.take();
    const doomed = doomOf(attempt, failure);
    const happens = doomed?.happens ?? failure?.happens ?? "yes";
    simulation.note(`${attempt.name}: SQS ${operation}, ${told(undefined, failure, doomed)}`);
    const made = happens === "yes" ? act() : undefined;
    if (doomed) {
      if (happens === "late") late();
      simulation.resume(actor);
      await this.#scene.kill(attempt);
      return undefined;
    }
    if (failure) this.#scene.count(`SQS ${failure.sight}, done: ${happens}`);
    if (failure?.sight === "hang" && !firm) {
      hold(simulation, actor, happens === "late" ? late : () => {});
      return new Promise(() => {});
    }
    simulation.resume(actor);
    return failure ? REFUSED : made;
  };
}
