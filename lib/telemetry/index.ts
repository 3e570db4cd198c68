export { createFingerprint, type Fingerprint } from "./fingerprint.ts";
export { type Action, Journal, type Outcome, type Step } from "./journal.ts";
export { createLog, type Log, type LogFields, type LogLevel } from "./log.ts";
export {
  createMetrics,
  type MetricName,
  type Metrics,
  NAMESPACE,
  NO_METRICS,
} from "./metrics.ts";
export { Secret } from "./secret.ts";
export { UPSTREAMS, type Upstream } from "./upstream.ts";
