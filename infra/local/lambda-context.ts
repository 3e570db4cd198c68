import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";

/** How long an HTTP function may run, in milliseconds: as long as API Gateway waits. */
export const FUNCTION_TIMEOUT_MS = 30_000;

/** The context of one invocation that has the whole of its time before it. */
export function lambdaContext(functionName: string, timeoutMs: number = FUNCTION_TIMEOUT_MS): Context {
  const end = Date.now() + timeoutMs;
  return {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: "1024",
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
