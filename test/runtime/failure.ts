import type { Fault } from "./runtime-api.ts";

/** Most lines of what a function printed that its failure repeats. */
const MAX_LINES = 20;

/** Why an invocation has no result, in the words of Lambda, of its runtime, or of what the function threw. */
export class RuntimeFailure extends Error {
  override readonly name = "RuntimeFailure";
  /** `errorType` and `errorMessage` alone; the message of this error names the function, and ends with its last lines. */
  readonly fault: Fault;

  constructor(functionName: string, fault: Fault, printed: readonly string[] = []) {
    super(
      [`${functionName}: ${fault.errorType}: ${fault.errorMessage}`, ...printed.slice(-MAX_LINES)].join("\n"),
    );
    this.fault = fault;
  }
}
