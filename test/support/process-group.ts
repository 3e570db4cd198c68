import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The state of a socket that listens, as /proc/net/tcp has it. */
const LISTEN = "0A";

/** Whether any process of a group is there. */
export function isRunning(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** The programs that the processes of a group run, by their paths. Linux only. */
export function programs(group: number): string[] {
  return processesOf(group).flatMap((pid) => gone(() => readlinkSync(`/proc/${pid}/exe`)) ?? []);
}

/**
 * On which addresses the processes of a group listen for TCP, as the kernel writes them: `0100007F` is 127.0.0.1.
 * Linux only.
 */
export function listeningAddresses(group: number): string[] {
  const owned = new Set(processesOf(group).flatMap(socketsOf));
  return ["tcp", "tcp6"]
    .flatMap((family) => readFileSync(`/proc/net/${family}`, "utf8").split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTEN && owned.has(`socket:[${inode}]`))
    .map(([, local = ""]) => local.split(":")[0] ?? "");
}

function processesOf(group: number): string[] {
  return readdirSync("/proc").filter((pid) => groupOf(pid) === group);
}

function groupOf(pid: string): number | undefined {
  if (!/^\d+$/.test(pid)) return undefined;
  // Its name, which comes before in brackets, may have anything in it.
  const fields = gone(() => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" "));
  return fields && Number(fields[2]);
}

function socketsOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return (gone(() => readdirSync(folder)) ?? []).flatMap(
    (fd) => gone(() => readlinkSync(`${folder}/${fd}`)) ?? [],
  );
}

/** Undefined for a process that has ended, or a file that it has closed, since it was listed. */
function gone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
