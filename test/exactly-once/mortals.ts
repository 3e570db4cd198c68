import { join } from "node:path";
import { Worker } from "node:worker_threads";
import * as z from "zod/mini";
import type { AwsSettings } from "../../lib/aws/index.ts";
import type { FunctionCall } from "./function-call.ts";

const messageSchema = z.union([
  z.object({ sleep: z.number() }),
  z.object({ failure: z.string() }),
  z.object({ result: z.unknown() }),
]);

interface Invocation {
  readonly call: FunctionCall;
  /** The configuration's text. */
  readonly config: string;
  /** Waits in the name of the handler. Undefined: it was killed meanwhile. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A handler in a thread of its own, which can be killed at any moment. */
interface Mortal {
  /** What it returns; undefined where it was killed. */
  readonly result: Promise<unknown>;
  kill(): Promise<void>;
}

export interface MortalSettings {
  /** The folder with the bundled handlers. */
  readonly code: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly aws: Required<AwsSettings>;
  /** The time, for all threads. */
  readonly clock: Float64Array;
}

/** Threads with handlers; one that did not have to die is used again. */
export class Mortals {
  readonly #settings: MortalSettings;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  constructor(settings: MortalSettings) {
    this.#settings = settings;
    this.#idle.push(this.#start());
  }

  invoke({ call, config, sleep }: Invocation): Mortal {
    const worker = this.#idle.pop() ?? this.#start();
    // The next one gets ready while this one works.
    if (this.#idle.length === 0) this.#idle.push(this.#start());
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const hear = (message: unknown) => {
      const said = messageSchema.parse(message);
      if ("sleep" in said) return void sleep(said.sleep).then(() => worker.postMessage({ wake: true }));
      if ("failure" in said) return reject(new Error(said.failure));
      worker.off("error", reject);
      worker.off("message", hear);
      this.#idle.push(worker);
      resolve(said.result);
    };
    worker.on("error", reject);
    worker.on("message", hear);
    worker.postMessage({ invoke: call, config });
    return {
      result: promise,
      kill: async () => {
        this.#all.delete(worker);
        await worker.terminate();
        resolve(undefined);
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const { code, environment, aws, clock } = this.#settings;
    const worker = new Worker(join(code, "mortal.mjs"), { workerData: { environment, aws, clock } });
    this.#all.add(worker);
    return worker;
  }
}
