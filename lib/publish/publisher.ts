import type { Config } from "../config/index.ts";
import type { Registry } from "../release/index.ts";
import type { Journal, Log } from "../telemetry/index.ts";
import type { Lock } from "./repository-lock.ts";
import type { TokenSource } from "./visibility.ts";

/** What a use case works with, for one request. */
export interface Publisher<Target extends Registry = Registry> {
  readonly config: Config;
  readonly target: Target;
  /** Keeps others out of a repository while something is written to it. */
  readonly lock: Lock;
  /** The fingerprint of the caller's token. */
  readonly caller: string;
  /** The tokens of the organization; read only where one is needed. */
  readonly tokens: TokenSource;
  /** Milliseconds up to the request's deadline. */
  readonly timeLeft: () => number;
  readonly log: Log;
  readonly journal: Journal;
}
