import { EventEmitter, once } from "node:events";
import { createLog, type Log } from "../../lib/telemetry/index.ts";

/** A log whose lines can be waited for. */
export class LogLines {
  readonly lines: string[] = [];
  readonly log: Log;
  readonly #changes = new EventEmitter();

  constructor() {
    this.log = createLog("DEBUG", (line) => {
      this.lines.push(line);
      this.#changes.emit("line");
    });
  }

  /** How many lines have a message. */
  count(message: string): number {
    return this.lines.filter((line) => line.includes(`"message":"${message}"`)).length;
  }

  /** Waits until so many lines have a message. */
  async until(message: string, count = 1): Promise<void> {
    while (this.count(message) < count) await once(this.#changes, "line");
  }
}
