import * as z from "zod/mini";
import { answerJson, type HttpResponse } from "../../http/index.ts";

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

/** By these a registry tells that there is no such manifest; Quay has one of its own for tags that were there. */
const ABSENT = new Set(["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "TAG_EXPIRED"]);

/** A 404 of something else, such as a proxy, tells nothing. */
export function isAbsent(answer: HttpResponse): boolean {
  return answer.status === 404 && errorCodes(answer).some((code) => ABSENT.has(code));
}
