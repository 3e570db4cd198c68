import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { FUNCTION_TIMEOUT_MS, lambdaContext } from "../../infra/local/lambda-context.ts";
import { RuntimeFailure } from "./failure.ts";
import { Printed } from "./printed.ts";
import { type Fault, RuntimeApi } from "./runtime-api.ts";
import { lambdaVariables } from "./variables.ts";

/** How long Lambda gives a function to start, in milliseconds. */
const INIT_TIMEOUT_MS = 10_000;

/** A function as it is deployed. */
export interface Deployed {
  /** The file in the folder, without `.mjs`; it exports `handler`. */
  readonly name: string;
  /** The folder with its code. */
  readonly code: string;
  /** The script of the runtime interface client. */
  readonly client: string;
  /** Environment variables beside those that Lambda sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * How long an invocation may take, in milliseconds.
   *
   * @default - 30 seconds
   */
  readonly timeoutMs?: number;
}

/** One process with the function under the real runtime interface client. It handles one event at a time. */
export class ExecutionEnvironment {
  readonly #deployed: Deployed;
  readonly #api: RuntimeApi;
  readonly #lines: string[];
  readonly #printed = new Printed();
  readonly #child: ChildProcess;

  private constructor(deployed: Deployed, lines: string[], api: RuntimeApi) {
    this.#deployed = deployed;
    this.#lines = lines;
    this.#api = api;
    const { name, code, client, environment = {} } = deployed;
    const output = this.#printed.descriptor;
    this.#child = spawn(process.execPath, [client], {
      cwd: code,
      env: lambdaVariables({ name, code, runtimeApi: api.address, environment }),
      stdio: ["ignore", output, output],
    });
    this.#child.once("exit", (status, signal) => {
      api.abandon({ errorType: "Runtime.ExitError", errorMessage: exitOf(status, signal) });
    });
    this.#child.once("error", ({ message }) => {
      api.abandon({ errorType: "Runtime.InvalidEntrypoint", errorMessage: message });
    });
  }

  /**
   * Starts the process, and waits until the function's module is loaded.
   *
   * @param lines gets what the process prints
   * @throws RuntimeFailure when the module cannot be loaded
   */
  static async start(deployed: Deployed, lines: string[]): Promise<ExecutionEnvironment> {
    const environment = new ExecutionEnvironment(deployed, lines, await RuntimeApi.start());
    const fault = await environment.#within("Init", INIT_TIMEOUT_MS, () => environment.#api.ready());
    if (!fault) return environment;
    const failure = await environment.#end(fault);
    await environment.close();
    throw failure;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until it can take an event; false: its process has ended. */
  async ready(): Promise<boolean> {
    return (await this.#api.ready()) === undefined;
  }

  /**
   * Gives what the handler gives for the event. All that it printed is among the lines then.
   *
   * @throws RuntimeFailure for what the handler throws, and when the process ends or takes too long
   */
  async invoke(event: object): Promise<unknown> {
    const { name, timeoutMs = FUNCTION_TIMEOUT_MS } = this.#deployed;
    const { awsRequestId: requestId, invokedFunctionArn: functionArn } = lambdaContext(name);
    const deadline = Date.now() + timeoutMs;
    const outcome = await this.#within("Task", timeoutMs, () =>
      this.#api.invoke({ requestId, functionArn, deadline, event }),
    );
    if ("result" in outcome) return outcome.result;
    if (await this.ready()) throw new RuntimeFailure(name, outcome.fault);
    throw await this.#end(outcome.fault);
  }

  async close(): Promise<void> {
    await this.#exit();
    await this.#api.close();
    this.#printed.remove();
  }

  async #within<T>(what: string, milliseconds: number, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      const errorMessage = `${what} timed out after ${(milliseconds / 1000).toFixed(2)} seconds`;
      this.#api.abandon({ errorType: "Sandbox.Timedout", errorMessage });
      this.#child.kill("SIGKILL");
    }, milliseconds);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      this.#lines.push(...this.#printed.take());
    }
  }

  /** Makes the error of a process that ends by itself, with its last words. */
  async #end(fault: Fault): Promise<RuntimeFailure> {
    if (this.#runs()) await once(this.#child, "exit");
    this.#lines.push(...this.#printed.take());
    return new RuntimeFailure(this.#deployed.name, fault, this.#printed.all());
  }

  async #exit(): Promise<void> {
    if (!this.#runs()) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  #runs(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }
}

/** Lambda's words for it. */
function exitOf(status: number | null, signal: string | null): string {
  if (status === 0) return "Runtime exited without providing a reason";
  return `Runtime exited with error: ${signal === null ? `exit status ${status}` : `signal: ${signal}`}`;
}
