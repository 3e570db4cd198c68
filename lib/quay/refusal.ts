import { type JsonObject, QuayCourierError, ReleaseExistsError } from "../errors/index.ts";
import { type HttpResponse, UpstreamError } from "../http/index.ts";
import { denied, isDenial, quayResponse } from "./answer.ts";

/** Our texts for the statuses with which Quay refuses a push and changes nothing. */
const TEXTS: Readonly<Record<number, string>> = {
  400: "Quay refused the push as malformed; see quay_response.",
  402: "Quay refused the push: the organization's plan does not allow it.",
  404: "Quay does not know the address of the push; is its application registry switched on?",
  405: "Quay refused the push: an image repository has this name, or the registry is read-only.",
  413: "Quay refused the push as too large: its limit is 1 MiB by default, about 780 kB of tar.gz. Make the package smaller, or have the limit (MAXIMUM_CNR_LAYER_SIZE) raised.",
  422: "Quay refused the version of the release.",
  429: "Quay refused the push because of too many requests. Try again later.",
};

/** Whether Quay changed nothing, for a reason that it names. */
export function isRefusal({ status }: Pick<HttpResponse, "status">): boolean {
  return status >= 400 && status < 500;
}

export function releaseExists(name: string, response: JsonObject = {}): ReleaseExistsError {
  return new ReleaseExistsError(
    `The release ${name} exists already in Quay. Push another version, or none to have the next one chosen.`,
    response,
  );
}

/** A push that Quay refused, as the contract's error. */
export function refusedPush(name: string, answer: HttpResponse): Error {
  if (isDenial(answer)) return denied(`push ${name}`, answer);
  const response = quayResponse(answer);
  if (answer.status === 409) return releaseExists(name, response);
  const text = TEXTS[answer.status] ?? `Quay refused the push with HTTP status ${answer.status}.`;
  const cause = new UpstreamError(`push ${name}`, answer.status, answer.body);
  return new QuayCourierError(`Failed to push ${name}: ${text}`, response, { cause });
}
