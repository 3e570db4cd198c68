import type { App } from "../app.ts";
import { type Lock, type LockTools, NO_LOCK, RepositoryLock } from "../publish/index.ts";
import type { Records } from "../staging/index.ts";
import type { Log } from "../telemetry/index.ts";
import type { Deadline } from "./deadline.ts";

/** What a lock is made with. */
export interface LockParts {
  readonly app: App;
  readonly log: Log;
  readonly deadline: Deadline;
  /** Undefined where there is no bucket: then nobody is kept out. */
  readonly records: Records | undefined;
}

/** The lock of repositories, for one request. */
export function lockOf(
  { app, log, deadline, records }: LockParts,
  more: Pick<LockTools, "afterwards" | "keepsDoubtful">,
): Lock {
  if (!records) return NO_LOCK;
  return new RepositoryLock({
    ...more,
    records,
    log,
    now: app.now,
    random: app.random,
    sleep: (milliseconds) => app.sleep(milliseconds, deadline.signal),
    timeLeft: () => deadline.left,
  });
}
