import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What a process prints to both its outputs, in the order of printing. It goes into a file: what was printed is
 * there before the process does anything else, while from a pipe it would have to be awaited.
 */
export class Printed {
  readonly #folder = mkdtempSync(join(tmpdir(), "omps-printed-"));
  readonly #file = join(this.#folder, "lines");
  /** What the process writes to. */
  readonly descriptor: number = openSync(this.#file, "a");
  #taken = 0;

  /** The lines so far. */
  all(): string[] {
    return readFileSync(this.#file, "utf8").split("\n").slice(0, -1);
  }

  /** The lines since the last call. */
  take(): string[] {
    const fresh = this.all().slice(this.#taken);
    this.#taken += fresh.length;
    return fresh;
  }

  remove(): void {
    closeSync(this.descriptor);
    rmSync(this.#folder, { recursive: true });
  }
}
