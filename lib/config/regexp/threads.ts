/**
 * The threads of a search at one position, the best one first. No two of them are at the same step, so their
 * number is bounded by the pattern: the second to reach a step could only do what the first does.
 */
export class Threads {
  /** The notes of the thread that is being added. */
  readonly scratch: Int32Array;
  #count = 0;
  readonly #order: Int32Array;
  readonly #notes: Int32Array;
  readonly #slots: number;
  /** The round in which each step was last entered. */
  readonly #entered: Int32Array;
  #round = 1;

  constructor(steps: number, slots: number) {
    this.scratch = new Int32Array(slots);
    this.#order = new Int32Array(steps);
    this.#notes = new Int32Array(steps * slots);
    this.#slots = slots;
    this.#entered = new Int32Array(steps);
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.#round += 1;
  }

  /** False where a thread was at the step before. */
  enter(step: number): boolean {
    if (this.#entered[step] === this.#round) return false;
    this.#entered[step] = this.#round;
    return true;
  }

  /** Adds a thread that waits at the step, with the notes of `scratch`. */
  add(step: number): void {
    this.#order[this.#count] = step;
    this.#count += 1;
    this.#notes.set(this.scratch, step * this.#slots);
  }

  /** The step of the thread with this index. */
  step(index: number): number {
    return this.#order[index] ?? 0;
  }

  /** The notes of the thread at the step. */
  notesOf(step: number): Int32Array {
    return this.#notes.subarray(step * this.#slots, (step + 1) * this.#slots);
  }
}
