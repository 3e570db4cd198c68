import fc from "fast-check";
import type { S3Answer } from "../../infra/local/aws/s3-answer.ts";
import { type FaultAction, scriptedAnswer } from "../fakes/faults.ts";
import {
  answering,
  badGateway,
  gatewayTimeout,
  type QuayFaultAction,
  type QuayOp,
  serverError,
} from "../fakes/quay.ts";

/** Whether the change that is asked for is made: never, before the answer, or up to 90 s after it. */
export type Happens = "no" | "yes" | "late";

/** What a client of Quay sees instead of the answer; none: nothing until it goes. */
const SIGHTS = {
  "500": answering(serverError),
  "502": answering(badGateway),
  "503": { status: 503, body: "<html>503 Service Temporarily Unavailable</html>", contentType: "text/html" },
  "504": answering(gatewayTimeout),
  "429": { status: 429, body: "<html>429 Too Many Requests</html>", contentType: "text/html" },
  "429 with Retry-After": {
    status: 429,
    body: "Too many login attempts.",
    contentType: "text/html",
    headers: { "retry-after": "2" },
  },
  reset: { reset: true },
  close: { close: true },
  // Less than the shortest answer: a whole one would leave a connection that is closing to the next request.
  truncate: { truncate: 1 },
  hang: { hang: true },
} as const satisfies Record<string, FaultAction>;

type Sight = keyof typeof SIGHTS;

/** Which requests to Quay a fault is for. */
type QuayPurpose = "push" | "delete" | "visibility" | "read";

export interface QuayFailure {
  readonly on: QuayPurpose;
  /** So many requests of this purpose go well first. */
  readonly skip: number;
  readonly happens: Happens;
  readonly sight: Sight;
}

export interface S3Failure {
  readonly skip: number;
  readonly happens: Happens;
  readonly sight: "500" | "503" | "close" | "hang";
}

export interface SqsFailure {
  readonly skip: number;
  readonly happens: Happens;
  /** Refused: what SQS's client, which sends a call again by itself, gave up. */
  readonly sight: "refused" | "hang";
}

/**
 * Quay has ended its work with any answer, and with a connection that breaks (docs/decisions.md says why that is taken
 * for granted); one that is refused (429) never begins it. Only what we give up ourselves may be done late.
 */
const COMBINATIONS: readonly (readonly [Happens, Sight])[] = [
  ...(["500", "502", "503", "504", "reset", "close"] as const).flatMap((sight): [Happens, Sight][] => [
    ["no", sight],
    ["yes", sight],
  ]),
  ["no", "429"],
  ["no", "429 with Retry-After"],
  ["yes", "truncate"],
  ["no", "hang"],
  ["yes", "hang"],
  ["late", "hang"],
];

/** What goes wrong at Quay, in this order. */
const quayFailures = fc.array(
  fc
    .tuple(
      fc.constantFrom<QuayPurpose>("push", "push", "push", "delete", "visibility", "read"),
      fc.nat(2),
      fc.constantFrom(...COMBINATIONS),
    )
    .map(([on, skip, [happens, sight]]): QuayFailure => ({ on, skip, happens, sight })),
  { maxLength: 4 },
);

/** What goes wrong at S3, in this order. */
const s3Failures = fc.array(
  fc
    .tuple(
      fc.nat(8),
      fc.constantFrom<readonly [Happens, S3Failure["sight"]]>(
        ["no", "500"],
        ["yes", "500"],
        ["no", "503"],
        ["no", "close"],
        ["yes", "close"],
        ["yes", "hang"],
        ["late", "hang"],
      ),
    )
    .map(([skip, [happens, sight]]): S3Failure => ({ skip, happens, sight })),
  { maxLength: 2 },
);

/** What goes wrong at SQS, in this order. */
const sqsFailures = fc.array(
  fc
    .tuple(
      fc.nat(3),
      fc.constantFrom<readonly [Happens, SqsFailure["sight"]]>(
        ["no", "refused"],
        ["yes", "refused"],
        ["yes", "hang"],
        ["late", "hang"],
      ),
    )
    .map(([skip, [happens, sight]]): SqsFailure => ({ skip, happens, sight })),
  { maxLength: 2 },
);

/** All that goes wrong. */
export interface Failures {
  readonly quay: readonly QuayFailure[];
  readonly s3: readonly S3Failure[];
  readonly sqs: readonly SqsFailure[];
}

export const failures = fc.record<Failures>({ quay: quayFailures, s3: s3Failures, sqs: sqsFailures });

/** How the fake of Quay is to answer. */
export function quayAction({ sight }: QuayFailure): QuayFaultAction {
  return SIGHTS[sight];
}

/** What S3 answers; undefined: the connection is dropped. */
export function s3Answer({ sight }: S3Failure): S3Answer | undefined {
  if (sight === "close" || sight === "hang") return undefined;
  const { status = 500, headers = {}, body = "" } = scriptedAnswer({ status: Number(sight) }) ?? {};
  return { status, headers, body: String(body) };
}

/** What a request to Quay is for. */
export function purposeOf(op: QuayOp): QuayPurpose {
  return op === "push" || op === "delete" || op === "visibility" ? op : "read";
}

/** Failures that are still to come. */
export class Script<Failure extends { readonly skip: number }> {
  #left: { skip: number; readonly failure: Failure }[] = [];

  begin(failures: readonly Failure[]): void {
    this.#left = failures.map((failure) => ({ skip: failure.skip, failure }));
  }

  /** The first that fits, if it is due now. */
  take(fits: (failure: Failure) => boolean = () => true): Failure | undefined {
    const next = this.#left.find(({ failure }) => fits(failure));
    if (!next || next.skip-- > 0) return undefined;
    this.#left.splice(this.#left.indexOf(next), 1);
    return next.failure;
  }
}
