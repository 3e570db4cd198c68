export { type FanOut, fanOut, type NotificationOutcome, TagNotListedError } from "./fan-out.ts";
export {
  groupOf,
  MAX_JOB_TEXT,
  type OperationJob,
  type PushJob,
  type QueuedJob,
  queued,
  readJob,
} from "./push-job.ts";
export { type Candidate, matchingRules, type NotificationRule, nameOfRule } from "./rules.ts";
