import type { Upstream } from "../telemetry/index.ts";
import type { Timer } from "../timer.ts";
import type { Trust } from "./trust.ts";

/**
 * One line for the log about one answer, with the time to its beginning, or about a failure. It never holds headers,
 * queries or bodies.
 */
export interface HttpTrace {
  /** Undefined where the client does not know whom it speaks to. */
  readonly upstream?: Upstream;
  readonly method: string;
  readonly url: string;
  readonly attempt: number;
  readonly milliseconds: number;
  /** Whether the service is at fault: no answer, 429 or 5xx. */
  readonly failed: boolean;
  readonly status?: number;
  readonly failure?: string;
}

/** When calls must end. */
export interface CallDeadline {
  readonly signal: AbortSignal;
  /** Milliseconds up to it. */
  readonly left: number;
}

export interface HttpClientOptions {
  /** Longest time for one call, its retries and redirects included, in milliseconds. */
  readonly timeoutMs: number;
  /** That of the request that all calls serve. */
  readonly deadline?: CallDeadline;
  readonly userAgent?: string;
  /** Which service it speaks to, for the trace. */
  readonly upstream?: Upstream;
  readonly trace?: (line: HttpTrace) => void;
  /** The wait before a retry; rejects when the signal ends it. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  /** The machine's unless told. */
  readonly timer?: Timer;
  /** Whom to trust on https; whom Node trusts unless told. */
  readonly trust?: Trust;
}
