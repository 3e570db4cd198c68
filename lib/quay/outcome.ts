import { QuayCourierError, QuayPackageError } from "../errors/index.ts";
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
  return unclear instanceof Error
    ? new QuayCourierError(text, {}, { cause: unclear })
    : new QuayCourierError(text, quayResponse(unclear), { cause: upstreamError(`push ${name}`, unclear) });
}

export function notDeleted(name: string, unclear: Unclear, outcome: NotDone): QuayPackageError {
  const cause = unclear instanceof Error ? unclear : upstreamError(`delete ${name}`, unclear);
  const text = `Failed to delete ${name}: ${symptom(unclear)}, ${NOT_DELETED[outcome]}`;
  return new QuayPackageError(text, { cause });
}

function upstreamError(what: string, { status, body }: HttpResponse): UpstreamError {
  return new UpstreamError(what, status, body);
}

function symptom(unclear: Unclear): string {
  if (unclear instanceof TimeoutError) return "Quay did not answer in time";
  if (unclear instanceof Error) return "Quay gave no usable answer";
  return `Quay answered with HTTP status ${unclear.status}`;
}
