import { readFileSync } from "node:fs";

/** How often something is done before, and while, it is measured. */
export interface Runs {
  readonly warm: number;
  readonly measured: number;
}

/**
 * Most memory that this process has had, in bytes. Linux hands `maxRSS` down from the process that started this one,
 * so the kernel's mark of this program alone is read, where there is one.
 */
export function peakBytes(): number {
  try {
    const [, kB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kB !== undefined) return Number(kB) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Does the work of each run, prints `{cpu, peak}` (mean milliseconds of CPU a run, bytes of memory) and ends.
 *
 * @param begin gives the work of a run; what it does itself is not measured
 */
export async function report(
  { warm, measured }: Runs,
  begin: (run: number) => () => Promise<unknown>,
): Promise<never> {
  let spent = 0;
  for (let run = 1; run <= warm + measured; run++) {
    const work = begin(run);
    const before = cpuMs();
    await work();
    if (run > warm) spent += cpuMs() - before;
  }
  process.stdout.write(JSON.stringify({ cpu: spent / measured, peak: peakBytes() }));
  process.exit(0);
}
