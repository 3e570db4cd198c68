import { type Deployed, ExecutionEnvironment } from "./execution-environment.ts";

/** A deployed function. Like Lambda, it starts an environment for an event that finds none waiting. */
export class LambdaFunction {
  readonly #deployed: Deployed;
  readonly #lines: string[];
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #waiting: ExecutionEnvironment[] = [];

  /** @param lines gets what the function prints, each line when the invocation that printed it ends */
  constructor(deployed: Deployed, lines: string[]) {
    this.#deployed = deployed;
    this.#lines = lines;
  }

  /**
   * Gives what the handler gives for the event.
   *
   * @throws RuntimeFailure where there is none; the next event has a new environment when this one is gone
   */
  async invoke(event: object): Promise<unknown> {
    const environment = (await this.#waitingOne()) ?? (await this.#newOne());
    try {
      return await environment.invoke(event);
    } finally {
      this.#waiting.push(environment);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((environment) => environment.close()));
    this.#all.clear();
    this.#waiting.length = 0;
  }

  async #waitingOne(): Promise<ExecutionEnvironment | undefined> {
    for (let one = this.#waiting.pop(); one; one = this.#waiting.pop()) if (await one.ready()) return one;
    return undefined;
  }

  async #newOne(): Promise<ExecutionEnvironment> {
    const environment = await ExecutionEnvironment.start(this.#deployed, this.#lines);
    this.#all.add(environment);
    return environment;
  }
}
