import type { Answer } from "../support/omps.ts";
import type { ClientName } from "./operations.ts";

/** When a client asks again, as the build systems do. */
interface Client {
  readonly tries: number;
  /** Whether it asks again; undefined: no answer came. */
  retries(answer: Answer | undefined): boolean;
  /** How long it waits before that, in milliseconds. */
  pause(tried: number, answer: Answer | undefined): number;
}

const OSBS_RETRIES: readonly number[] = [408, 429, 500, 502, 503, 504];
const OSBS_BACKOFF_MS = 5000;
const OSBS_LONGEST_MS = 120_000;
const IIB_PAUSE_MS = 10_000;
const PATIENT_PAUSE_MS = 45_000;

/** All clients of the tests, by their names. */
export const CLIENTS: Readonly<Record<ClientName, Client>> = {
  osbs: {
    tries: 11,
    retries: (answer) => !answer || OSBS_RETRIES.includes(answer.status),
    pause: (tried, answer) => {
      const told = Number(answer?.headers["retry-after"]) * 1000;
      return told || Math.min(OSBS_BACKOFF_MS * 2 ** (tried - 1), OSBS_LONGEST_MS);
    },
  },
  iib: { tries: 3, retries: (answer) => answer?.status !== 200, pause: () => IIB_PAUSE_MS },
  // None of the historical ones: it knows what 409 means of an Idempotency-Key.
  patient: {
    tries: 6,
    retries: (answer) => !answer || answer.status >= 500 || answer.body["error"] === "OMPSInProgress",
    pause: () => PATIENT_PAUSE_MS,
  },
  once: { tries: 1, retries: () => false, pause: () => 0 },
};
