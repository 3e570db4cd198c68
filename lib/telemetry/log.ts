import { Logger, type LogItem, LogLevelThreshold } from "@aws-lambda-powertools/logger";
import type { ConstructorOptions, LogItemMessage } from "@aws-lambda-powertools/logger/types";
import { Formatter } from "./formatter.ts";

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;

export type LogLevel = (typeof LEVELS)[number];

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
  /** A change that must be on record, whatever the level: INFO, with `audit: true`. */
  audit(message: string, fields?: LogFields): void;
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
  // All levels: what is below ours is left out by us, so that audit lines are not.
  const logger = new LineLogger({ serviceName: "omps", logLevel: "DEBUG", logFormatter: new Formatter() });
  return wrap(logger, LEVELS.indexOf(level));
}

/** @param least the index of the lowest level that is written */
function wrap(logger: Logger, least: number): Log {
  const at = (level: LogLevel, write: "debug" | "info" | "warn" | "error"): Log[typeof write] =>
    LEVELS.indexOf(level) < least ? () => {} : (message, fields = {}) => logger[write](message, fields);
  return {
    debug: at("DEBUG", "debug"),
    info: at("INFO", "info"),
    warn: at("WARNING", "warn"),
    error: at("ERROR", "error"),
    audit: (message, fields = {}) => logger.info(message, { ...fields, audit: true }),
    with: (fields) => wrap(logger.createChild({ persistentKeys: { ...fields } }), least),
  };
}
