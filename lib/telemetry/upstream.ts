/** The services that a request may ask, by the names that the log and the metrics have for them. */
export const UPSTREAMS = [
  "quay",
  "koji",
  "koji-files",
  "greenwave",
  "s3",
  "secrets-manager",
  "sqs",
  "eventbridge",
  "kms",
] as const;

export type Upstream = (typeof UPSTREAMS)[number];
