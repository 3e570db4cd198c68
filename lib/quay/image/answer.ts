import * as z from "zod/mini";
import { answerJson, type HttpResponse, retryAfterMs, UpstreamError } from "../../http/index.ts";

const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.optional(z.string()) })),
});

/** The codes and messages of a registry's errors; empty where the answer has none. */
export function errorsOf(
  answer: Pick<HttpResponse, "body">,
): readonly { readonly code: string; readonly message?: string | undefined }[] {
  return errorsSchema.safeParse(answerJson(answer)).data?.errors ?? [];
}

export function errorCodes(answer: Pick<HttpResponse, "body">): readonly string[] {
  return errorsOf(answer).map(({ code }) => code);
}

/**
 * Whether a registry tells that what was asked for is not there. Each has codes of its own for it: Quay TAG_EXPIRED,
 * Harbor NOT_FOUND. A 404 of something else, such as a proxy, tells nothing.
 */
export function isAbsent(answer: Pick<HttpResponse, "status" | "body">): boolean {
  return answer.status === 404 && errorsOf(answer).length > 0;
}

export function unexpected(what: string, answer: HttpResponse): UpstreamError {
  return new UpstreamError(what, answer.status, answer.body, retryAfterMs(answer));
}
