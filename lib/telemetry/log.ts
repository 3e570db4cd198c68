import { Logger } from "@aws-lambda-powertools/logger";

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** What a log line has beside its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** JSON lines. The message is a constant text; what varies goes into the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose lines all have these fields too. */
  with(fields: LogFields): Log;
}

/** The log of a container. */
export function createLog(level: LogLevel): Log {
  return wrap(new Logger({ serviceName: "omps", logLevel: level === "WARNING" ? "WARN" : level }));
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
