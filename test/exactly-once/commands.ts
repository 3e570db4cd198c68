import fc from "fast-check";
import { LEASE_MS } from "../../lib/publish/repository-lock.ts";
import { type Failures, failures } from "./faults.ts";
import { type Operation, operations } from "./operations.ts";
import type { Schedule } from "./schedule.ts";

type Model = object;

/** Operations side by side, and what goes wrong meanwhile. */
class Group implements fc.AsyncCommand<Model, Schedule> {
  readonly #operations: readonly Operation[];
  readonly #failures: Failures;

  constructor(operations: readonly Operation[], failures: Failures) {
    this.#operations = operations;
    this.#failures = failures;
  }

  check(): boolean {
    return true;
  }

  run(_model: Model, schedule: Schedule): Promise<void> {
    return schedule.group(this.#operations, this.#failures);
  }

  toString(): string {
    return `at once ${fc.stringify(this.#operations)}, ${fc.stringify(this.#failures)}\n`;
  }
}

/** Time in which nobody asks for anything. */
class Pass implements fc.AsyncCommand<Model, Schedule> {
  readonly #milliseconds: number;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  check(): boolean {
    return true;
  }

  run(_model: Model, schedule: Schedule): Promise<void> {
    return schedule.simulation.pass(this.#milliseconds);
  }

  toString(): string {
    return `${this.#milliseconds} ms pass\n`;
  }
}

/** What a schedule does, step by step. */
export const commands = fc.commands(
  [
    fc.tuple(operations, failures).map((parts) => new Group(...parts)),
    fc.tuple(operations, failures).map((parts) => new Group(...parts)),
    fc.constantFrom(5000, 45_000, LEASE_MS + 1000, 16 * 60_000).map((time) => new Pass(time)),
  ],
  { maxCommands: 5, size: "max" },
);
