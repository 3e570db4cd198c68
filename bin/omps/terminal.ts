/** Where the command prints to. */
export class Terminal {
  /** Whether a person looks at stderr, so that a line may be drawn over. */
  readonly live: boolean = process.stderr.isTTY;
  /** What an interruption breaks off, for people. */
  doing = "Nothing was sent.";
  #drawn = false;

  /** What was asked for. */
  out(text: string): void {
    process.stdout.write(text);
  }

  /** A line about how it goes, or why not. */
  note(line: string): void {
    this.wipe();
    process.stderr.write(`${line}\n`);
  }

  /** Draws a line that the next one replaces. */
  draw(line: string): void {
    this.#drawn = true;
    process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  wipe(): void {
    if (this.#drawn) process.stderr.write("\r\u001b[K");
    this.#drawn = false;
  }
}
