import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time that a running process has had, in milliseconds, to the microsecond: from the kernel's scheduler, as the
 * times of `/proc/<pid>/stat` come in steps of 10 ms. Linux only.
 */
export function cpuMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) => {
    const [onCpu] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ");
    return Number(onCpu);
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}
