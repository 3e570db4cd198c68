import { QuayCourierError, QuayPackageError, type Remains } from "../errors/index.ts";
import { type HttpResponse, type NetworkError, TimeoutError, UpstreamError } from "../http/index.ts";
import { quayResponse } from "./answer.ts";

/** Whether a write happened, as looked up after an answer that left it open. */
export type Outcome = "yes" | "no" | "unknown";

type NotDone = Exclude<Outcome, "yes">;

/** What left it open: an answer, or that none came. */
type Unclear = HttpResponse | NetworkError | TimeoutError;

const NOT_PUSHED: Readonly<Record<NotDone, string>> = {
  no: "and the release is not there. Try again.",
  unknown:
    "and the release may or may not have been pushed. Look at the releases that Quay lists before you push again.",
};

const NOT_DELETED: Readonly<Record<NotDone, string>> = {
  no: "and the release is still there. Try again.",
  unknown: "and the release may or may not be gone. Try again: one that is gone is answered with 404.",
};

export function notPushed(name: string, unclear: Unclear, outcome: NotDone): QuayCourierError {
  const text = `Failed to push ${name}: ${symptom(unclear)}, ${NOT_PUSHED[outcome]}`;
  const remains = remainsOf(unclear, outcome);
  return unclear instanceof Error
    ? new QuayCourierError(text, {}, { cause: unclear, remains })
    : new QuayCourierError(text, quayResponse(unclear), {
        cause: upstreamError(`push ${name}`, unclear),
        remains,
      });
}

export function notDeleted(name: string, unclear: Unclear, outcome: NotDone): QuayPackageError {
  const cause = unclear instanceof Error ? unclear : upstreamError(`delete ${name}`, unclear);
  const text = `Failed to delete ${name}: ${symptom(unclear)}, ${NOT_DELETED[outcome]}`;
  return new QuayPackageError(text, { cause, remains: remainsOf(unclear, outcome) });
}

/**
 * Without an answer in time, and after a proxy's 504, Quay may still be working for up to 90 s. After any other answer,
 * and a connection that broke, it works no more; only of its own 500 is it sure that it did nothing.
 */
function remainsOf(unclear: Unclear, outcome: NotDone): Remains {
  if (unclear instanceof TimeoutError) return "unsettled";
  if (unclear instanceof Error) return "unfinished";
  if (unclear.status === 504) return "unsettled";
  return unclear.status === 500 && outcome === "no" ? "nothing" : "unfinished";
}

function upstreamError(what: string, { status, body }: HttpResponse): UpstreamError {
  return new UpstreamError(what, status, body);
}

function symptom(unclear: Unclear): string {
  if (unclear instanceof TimeoutError) return "Quay did not answer in time";
  if (unclear instanceof Error) return "Quay gave no usable answer";
  return `Quay answered with HTTP status ${unclear.status}`;
}
