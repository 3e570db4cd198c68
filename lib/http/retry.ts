import type { HttpStream } from "./exchange.ts";

/** Statuses after which the same read may succeed. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

export function mayPass({ status }: Pick<HttpStream, "status">): boolean {
  return PASSING_STATUSES.has(status);
}

/** A refusal is a good answer, but for 429: the service has too much to do. */
export function isFault(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Seconds only: Quay and nginx send no dates. */
export function retryAfterMs({ headers }: Pick<HttpStream, "headers">): number {
  const value = headers["retry-after"];
  return typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : 0;
}
