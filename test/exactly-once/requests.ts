import * as z from "zod/mini";
import type { IncomingCall } from "../../infra/local/event.ts";
import { type Answer, form } from "../support/omps.ts";
import { contentOf, repositoryOf } from "./contents.ts";
import type { Operation } from "./operations.ts";
import { CALLERS, ORGANIZATION } from "./surroundings.ts";

/** What API Gateway says when a function dies. */
export const CRASHED: Answer = { status: 500, headers: {}, body: { message: "Internal Server Error" } };

const resultSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.unknown()),
  body: z.string(),
});
const bodySchema = z.record(z.string(), z.unknown());

/** What asks for an operation. */
export function requestOf(operation: Operation, key: string | undefined): IncomingCall {
  const { kind, repo, given, caller } = operation;
  const { headers, body } =
    kind === "push" ? form(contentOf(operation).zip) : { headers: {}, body: undefined };
  const path = `/v1/${ORGANIZATION}/${repositoryOf(repo)}${kind === "push" ? "/zipfile" : ""}`;
  return {
    method: kind === "push" ? "POST" : "DELETE",
    target: given === undefined ? path : `${path}/${given}`,
    headers: {
      ...headers,
      ...authorizationOf(caller),
      ...(key !== undefined && { "idempotency-key": key }),
      ...(kind === "push" && operation.queued && { prefer: "respond-async" }),
    },
    body,
  };
}

/** What asks how a queued push goes. */
export function questionOf({ caller }: Operation, id: string): IncomingCall {
  return {
    method: "GET",
    target: `/v2/operations/${id}`,
    headers: authorizationOf(caller),
    body: undefined,
  };
}

/** Reads what a handler gives. */
export function answerOf(result: unknown): Answer {
  const { statusCode: status, headers, body } = resultSchema.parse(result);
  return { status, headers, body: bodySchema.parse(JSON.parse(body)) };
}

/** How a queued push has ended, as the answer of a push that is waited for; undefined: it has not. */
export function endOf({ status, body }: Answer): Answer | undefined {
  const { result, error } = body;
  if (status !== 200 || (!result && !error)) return undefined;
  const told = bodySchema.parse(result ?? error);
  return { status: result ? 200 : Number(told["status"]), headers: {}, body: told };
}

/** What kind of answer it is, to be counted. */
export function nameOf(answer: Answer | undefined): string {
  if (!answer) return "killed";
  const error = answer.body["error"];
  return typeof error === "string" ? `${answer.status} ${error}` : String(answer.status);
}

function authorizationOf(caller: number) {
  return { authorization: CALLERS[caller] ?? "" };
}
