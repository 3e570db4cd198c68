import type { Terminal } from "./terminal.ts";

/** Columns of the bar. */
const BAR = 30;

/** Without a terminal there is a line each time that so many hundredths more are sent. */
const LINE_EVERY = 25;

/** Tells how much of a file is sent: a bar on a terminal, and some lines elsewhere. */
export function progressOf(terminal: Terminal, name: string, total: number): (sent: number) => void {
  let told = -1;
  return (sent) => {
    const percent = total === 0 ? 100 : Math.min(100, Math.floor((sent / total) * 100));
    if (terminal.live) {
      const full = Math.round((percent / 100) * BAR);
      const bar = "#".repeat(full).padEnd(BAR, ".");
      terminal.draw(`${name} [${bar}] ${percent}% of ${size(total)}`);
      return;
    }
    const step = Math.floor(percent / LINE_EVERY);
    if (step <= told) return;
    told = step;
    terminal.note(`${name}: ${step * LINE_EVERY}% of ${size(total)} sent`);
  };
}

/** Bytes for people. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
