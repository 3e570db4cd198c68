export { type FanOut, fanOut, type NotificationOutcome, TagNotListedError } from "./fan-out.ts";
export { MAX_JOB_TEXT, type PushJob, type QueuedJob, queued, readJob } from "./push-job.ts";
export { type Candidate, matchingRules, type NotificationRule, nameOfRule } from "./rules.ts";
