import type { JsonAnswer } from "./json-answer.ts";

/** Name of each error to its older code, which SQS sends too and which the SDK shows as `Code`. */
const CODES = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InternalFailure: "InternalFailure",
  InvalidMessageContents: "InvalidMessageContents",
  InvalidParameterValue: "InvalidParameterValue",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  MissingParameter: "MissingParameter",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  ReceiptHandleIsInvalid: "ReceiptHandleIsInvalid",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
} as const;

/** How SQS refuses a call, or one entry of it. */
export class SqsError extends Error {
  /** The name that the SDK gives the error. */
  readonly code: keyof typeof CODES;

  constructor(code: keyof typeof CODES, message: string) {
    super(message);
    this.code = code;
  }
}

/** A call without something that it needs. */
export function missing(parameter: string): SqsError {
  return new SqsError("MissingParameter", `The request must contain the parameter ${parameter}.`);
}

/** The answer to a call that is refused. */
export function refusalOf({ code, message }: SqsError): JsonAnswer {
  const ours = code === "InternalFailure";
  return {
    status: ours ? 500 : 400,
    headers: { "x-amzn-query-error": `${CODES[code]};${ours ? "Receiver" : "Sender"}` },
    body: { __type: `com.amazonaws.sqs#${code}`, message },
  };
}
