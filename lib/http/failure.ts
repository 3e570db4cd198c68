/** The connection failed, was cut, or carried something that is not usable as an answer. */
export class NetworkError extends Error {
  override readonly name: string = "NetworkError";
}

/** The answer has more bytes than were asked for. It would have as many the next time. */
export class TooLongError extends NetworkError {
  override readonly name = "TooLongError";
}

/** No complete answer came within the time that the call had. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * The service answered, with a status that the caller of the client has no use for. The body is not among the
 * properties that are shown when the error is printed.
 */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly status: number;
  /** How long the service wants to be left alone, in milliseconds; 0 where it does not tell. */
  readonly retryAfterMs: number;
  readonly #body: Buffer;

  constructor(what: string, status: number, body: Buffer, retryAfterMs = 0) {
    super(`${what}: HTTP status ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.#body = body;
  }

  get body(): Buffer {
    return this.#body;
  }
}

/**
 * For `.catch` of a call: gives a failure of the wire as a value, so that the caller can look at what it
 * left undone. Throws everything else again.
 */
export function wireFailure(error: unknown): NetworkError | TimeoutError {
  if (error instanceof NetworkError || error instanceof TimeoutError) return error;
  throw error;
}
