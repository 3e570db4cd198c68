/** How often something is done before, and while, it is measured. */
export interface Runs {
  readonly warm: number;
  readonly measured: number;
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
  process.stdout.write(
    JSON.stringify({ cpu: spent / measured, peak: process.resourceUsage().maxRSS * 1024 }),
  );
  process.exit(0);
}
