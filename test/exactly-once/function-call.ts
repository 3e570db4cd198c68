import type { APIGatewayProxyEventV2, SQSEvent } from "aws-lambda";
import { FUNCTION_TIMEOUT_MS } from "../../infra/local/lambda-context.ts";

/** A call of a function. */
export type FunctionCall =
  | { readonly name: "push-zipfile" | "delete-releases"; readonly event: APIGatewayProxyEventV2 }
  | { readonly name: "push-worker"; readonly event: SQSEvent };

/** How long each may run, in milliseconds. */
export const TIMEOUTS_MS = {
  "push-zipfile": FUNCTION_TIMEOUT_MS,
  "delete-releases": FUNCTION_TIMEOUT_MS,
  "push-worker": 60_000,
} as const;
