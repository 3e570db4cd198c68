/** A JSON value as it travels in a body of ours or of a service that we asked. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/**
 * What a failed request leaves at Quay: nothing that matters, something that the same request again has to finish, or
 * a write that Quay may still be doing.
 */
export type Remains = "nothing" | "unfinished" | "unsettled";

/** What an error may have beside its message. */
export interface OmpsErrorOptions extends ErrorOptions {
  readonly remains?: Remains;
  /** The extra keys that the contract names for this error. */
  readonly details?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A failure that the HTTP contract names: one class per row of its error table.
 * `message` is shown to the caller, so it says what was expected, what came and what to do;
 * `cause` is only ever logged.
 */
export abstract class OmpsError extends Error {
  /** HTTP status. */
  abstract readonly status: number;
  /** The contract's error ID, the key `error` of the body. */
  abstract readonly error: string;
  readonly details: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly remains: Remains;

  /** Whether the caller can do something about it, and nobody need look into the log. */
  get isRefusal(): boolean {
    return this.status < 500;
  }

  /** What the caller gets to see. */
  body(message: string = this.message): JsonObject {
    return { status: this.status, error: this.error, message, ...this.details };
  }

  constructor(
    message: string,
    { details = {}, headers = {}, remains = "nothing", ...options }: OmpsErrorOptions = {},
  ) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
    this.headers = headers;
    this.remains = remains;
  }
}

/** Whether a write that failed may have happened all the same. */
export function mayBeDone(error: unknown): boolean {
  return error instanceof OmpsError && error.remains !== "nothing";
}
