import { Logger, type LogItem, LogLevelThreshold } from "@aws-lambda-powertools/logger";
import type { ConstructorOptions, LogItemMessage } from "@aws-lambda-powertools/logger/types";
import { Formatter } from "./formatter.ts";

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** The keys that a type names; an index signature names none. */
type NamedKeys<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : K]: true;
};

/** Keys that every line has of its own; Powertools drops fields that are called so. */
type ReservedKey = NamedKeys<Exclude<LogItemMessage, string>> | "xray_trace_id";

/** What a log line has beside its message. */
export type LogFields = Readonly<Record<string, unknown>> & Readonly<Partial<Record<ReservedKey, never>>>;

/** JSON lines. The message is a constant text; what varies goes into the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all have these fields too. */
  with(fields: LogFields): Log;
}

/**
 * The log of a container.
 *
 * @param write what takes the lines, each without its line break; unless told, warnings and errors go to stderr
 *   and the rest to stdout
 */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  // The Logger prints warnings while it is made, when a field of this class would not be set yet.
  class LineLogger extends Logger {
    protected override printLog(level: number, item: LogItem): void {
      item.prepareForPrint();
      const line = JSON.stringify(item.getAttributes(), this.getJsonReplacer());
      if (write) write(line);
      else (level < LogLevelThreshold.WARN ? process.stdout : process.stderr).write(`${line}\n`);
    }

    protected override createLogger(options?: ConstructorOptions): Logger {
      return new LineLogger(options);
    }
  }
  const logLevel = level === "WARNING" ? "WARN" : level;
  return wrap(new LineLogger({ serviceName: "omps", logLevel, logFormatter: new Formatter() }));
}

function wrap(logger: Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
    with: (fields) => wrap(logger.createChild({ persistentKeys: { ...fields } })),
  };
}
