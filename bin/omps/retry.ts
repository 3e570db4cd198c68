import { ConnectionFailure, type WireAnswer } from "./exchange.ts";

/** Pauses between tries where the server names none, in seconds; a push may be worked on for 30 s. */
const PAUSES_S = [1, 2, 4, 8, 16];

/** The longest pause that a server may ask for, in seconds. */
const MAX_PAUSE_S = 60;

/** Nobody listens there: to ask more often is of no use. */
const REFUSED_RETRIES = 2;

/** Errors of status 500 that are another service's, and may pass. */
const PASSING: ReadonlySet<unknown> = new Set([
  "QuayCourierError",
  "QuayPackageError",
  "KojiError",
  "GreenwaveError",
]);

/** Of what comes from outside: an object's key, or undefined. */
export function key(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How the sending of a request is watched. */
export interface Patience {
  readonly retries: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Is told why, and after how many seconds it is tried again. */
  readonly onRetry: (why: string, seconds: number) => void;
}

/**
 * Sends until there is an answer that will not get better.
 *
 * @throws ConnectionFailure of the last try
 */
export async function patiently(
  { retries, sleep, onRetry }: Patience,
  send: () => Promise<WireAnswer>,
): Promise<WireAnswer> {
  for (let tried = 0; ; tried++) {
    let why: string;
    let asked: number | undefined;
    try {
      const answer = await send();
      if (tried >= retries || !mayPass(answer)) return answer;
      why = `the server answered ${answer.status}`;
      asked = retryAfter(answer);
    } catch (error) {
      if (!(error instanceof ConnectionFailure) || tried >= Math.min(retries, retriesFor(error))) throw error;
      why = `the connection failed (${error.message})`;
    }
    const seconds = asked ?? PAUSES_S[Math.min(tried, PAUSES_S.length - 1)] ?? 0;
    onRetry(why, seconds);
    await sleep(seconds * 1000);
  }
}

/** Whether the release is there already; OMPS answers that with 500, and Quay would say so each time. */
export function isThereAlready(body: unknown): boolean {
  return key(key(key(body, "quay_response"), "error"), "code") === "package-exists";
}

function retriesFor({ code }: ConnectionFailure): number {
  if (code === "ENOTFOUND" || /CERT|TLS|SSL/.test(code)) return 0;
  return code === "ECONNREFUSED" ? REFUSED_RETRIES : Number.POSITIVE_INFINITY;
}

function mayPass(answer: WireAnswer): boolean {
  const { status } = answer;
  if (status === 429 || (status > 500 && status < 600)) return true;
  const body = parseJson(answer.text);
  const error = key(body, "error");
  // The first try, whose answer was lost, is still being worked on.
  if (error === "OMPSIdempotencyKeyInUse") return true;
  if (status !== 500) return false;
  if (isThereAlready(body)) return false;
  return retryAfter(answer) !== undefined || error === undefined || PASSING.has(error);
}

/** In seconds. Dates are not understood: OMPS and API Gateway send none. */
function retryAfter({ headers }: WireAnswer): number | undefined {
  const text = headers["retry-after"];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Math.min(Number(text), MAX_PAUSE_S) : undefined;
}
