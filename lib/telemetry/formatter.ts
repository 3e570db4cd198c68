import { LogFormatter, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";

/** Longest message of an error that is logged, in characters. */
const MAX_MESSAGE = 1000;

/** Most lines of a stack that are logged. */
const MAX_FRAMES = 20;

/** Longest line of a stack that is logged, in characters. */
const MAX_FRAME = 300;

/** How many causes of causes are logged. */
const MAX_CAUSES = 5;

/**
 * Lines as Powertools makes them, but for errors: its own formatter copies every property of an error, which
 * can be the whole answer of a service, or the certificate of a server. Ours logs what it names, cut to size.
 */
export class Formatter extends LogFormatter {
  override formatAttributes(line: UnformattedAttributes, fields: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        level: line.logLevel,
        message: line.message,
        timestamp: this.formatTimestamp(line.timestamp),
        service: line.serviceName,
        xray_trace_id: line.xRayTraceId,
        ...this.#formatFields(fields),
      },
    });
  }

  override formatError(error: Error): LogAttributes {
    return this.#formatError(error, MAX_CAUSES);
  }

  #formatFields({ cause, ...fields }: LogAttributes): LogAttributes {
    // Errors are formatted here, before JSON asks them for a form of their own.
    const formatted = Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? this.formatError(value) : value,
    ]);
    return { ...Object.fromEntries(formatted), cause: this.#formatCause(cause, MAX_CAUSES) };
  }

  #formatError(error: Error, causes: number): LogAttributes {
    const message = cut(error.message, MAX_MESSAGE);
    return {
      name: error.name,
      location: this.getCodeLocation(error.stack),
      message,
      code: "code" in error ? scalar(error.code) : undefined,
      status: statusOf(error),
      stack: [`${error.name}: ${message}`, ...framesOf(error)].join("\n"),
      cause: this.#formatCause(error.cause, causes - 1),
    };
  }

  /** Anything can be thrown. Of an object that is no error, only the kind is logged. */
  #formatCause(cause: unknown, causes: number): unknown {
    if (cause === undefined || cause === null || causes < 0) return undefined;
    if (cause instanceof Error) return this.#formatError(cause, causes);
    return scalar(cause) ?? Object.prototype.toString.call(cause);
  }
}

/** Clients of AWS have it here, also where an answer without a body leaves them no other word. */
function statusOf(error: Error): string | number | undefined {
  if (!("$metadata" in error)) return undefined;
  const { $metadata: metadata } = error;
  const known = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
  return known ? scalar(metadata.httpStatusCode) : undefined;
}

function scalar(value: unknown): string | number | undefined {
  if (typeof value === "string") return cut(value, MAX_MESSAGE);
  return typeof value === "number" ? value : undefined;
}

function framesOf({ stack = "" }: Error): string[] {
  const frames = stack.split("\n").filter((line) => /^ +at /.test(line));
  return frames.slice(0, MAX_FRAMES).map((frame) => cut(frame, MAX_FRAME));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
