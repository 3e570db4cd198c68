import fc from "fast-check";
import { commands } from "./commands.ts";
import { Schedule, type ScheduleSettings } from "./schedule.ts";
import { Surroundings } from "./surroundings.ts";

/** How many of the last things that happened are shown of a schedule that fails. */
const TRACED = 150;

/** After how many schedules a line tells that they are done. */
const PROGRESS = 200;

const settings = fc.record<ScheduleSettings>({
  seed: fc.nat(),
  sluggish: fc.constantFrom(0, 1, 4),
  public: fc.boolean(),
});

/** Which schedules are checked. */
export interface Selection {
  readonly runs: number;
  readonly seed: number;
  /** Leads to a schedule that failed before. */
  readonly path: string | undefined;
}

/** Runs random schedules and prints what was found; gives whether nothing was. */
export async function checkSchedules({ runs, seed, path }: Selection): Promise<boolean> {
  const around = await Surroundings.start();
  const report = new Report(seed);
  const property = fc.asyncProperty(commands, settings, async (steps, chosen) => {
    const schedule = new Schedule(around, chosen, report.counts);
    try {
      await fc.asyncModelRun(() => ({ model: {}, real: schedule }), steps);
      await schedule.close();
    } catch (error) {
      throw report.failed(error, schedule.simulation.trace);
    }
    report.passed();
  });
  const result = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: true,
    ...(path !== undefined && { path }),
  });
  report.end(result);
  await around.close();
  return !result.failed;
}

/** What is printed. */
class Report {
  /** How often each thing happened. */
  readonly counts = new Map<string, number>();
  readonly #seed: number;
  readonly #begun = performance.now();
  #passed = 0;
  #failed = false;

  constructor(seed: number) {
    this.#seed = seed;
    console.log(`The seed is ${seed}`);
  }

  passed(): void {
    if (this.#failed || ++this.#passed % PROGRESS !== 0) return;
    console.log(`${this.#passed} schedules of the seed ${this.#seed} in ${this.#seconds()} s`);
  }

  /** Gives an error that tells what had happened. */
  failed(cause: unknown, trace: readonly string[]): Error {
    const what = cause instanceof Error ? cause.message : String(cause);
    const told = [what, ...trace.slice(-TRACED)].join("\n");
    if (!this.#failed) console.error(`${told}\nThis schedule fails`);
    this.#failed = true;
    return new Error(told, { cause });
  }

  end<T>({ failed, errorInstance, counterexample, counterexamplePath, numRuns }: fc.RunDetails<T>): void {
    const done = `${numRuns} schedules in ${this.#seconds()} s`;
    if (failed) {
      if (errorInstance instanceof Error) console.error(errorInstance.message);
      console.error(fc.stringify(counterexample));
      console.error(`failed after ${done}; repeat it with --seed ${this.#seed} --path ${counterexamplePath}`);
      return;
    }
    for (const [what, times] of [...this.counts].toSorted(([a], [b]) => a.localeCompare(b)))
      console.log(`${String(times).padStart(8)} ${what}`);
    console.log(`ok: ${done}, with the seed ${this.#seed}`);
  }

  #seconds(): string {
    return ((performance.now() - this.#begun) / 1000).toFixed(1);
  }
}
