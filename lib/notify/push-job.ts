import { createHash } from "node:crypto";
import * as z from "zod/mini";

/** Longest group that SQS takes, in characters. */
const MAX_GROUP_LENGTH = 128;

/** Longest text in a job, in characters: an NVR has at most 767. */
export const MAX_JOB_TEXT = 1000;

const text = z.string().check(z.minLength(1), z.maxLength(MAX_JOB_TEXT));

const jobSchema = z.object({
  build_id: z.int().check(z.positive()),
  nvr: text,
  organization: text,
  version: z.optional(text),
  rule: text,
});

/** One build that is to be pushed to one organization, as it travels in the queue of pushes. */
export type PushJob = Readonly<z.output<typeof jobSchema>>;

const operationJobSchema = z.object({ operation: z.string().check(z.regex(/^[0-9a-f]{32}$/)) });

/** A push that somebody asked for and does not wait for; all else of it is kept in the bucket. */
export type OperationJob = Readonly<z.output<typeof operationJobSchema>>;

/** A job with its place in the queue. */
export interface QueuedJob {
  readonly job: PushJob;
  /** Jobs of one group are worked on one after the other. */
  readonly group: string;
  /** A second job with it is dropped by the queue for five minutes. */
  readonly deduplicationId: string;
}

/**
 * Gives a job its place in the queue.
 *
 * @param packageName Koji's: the name of the repository is only known when the package has been read
 */
export function queued(job: PushJob, packageName: string): QueuedJob {
  return {
    job,
    group: groupOf(job.organization, packageName),
    deduplicationId: `${job.build_id}-${job.rule}`,
  };
}

/** The group of all pushes of a package to an organization. */
export function groupOf(organization: string, packageName: string): string {
  const group = `${organization}/${packageName}`;
  return group.length > MAX_GROUP_LENGTH ? createHash("sha256").update(group).digest("hex") : group;
}

/** Reads a job from the text of a message; undefined where it is none. */
export function readJob(body: string): PushJob | OperationJob | undefined {
  try {
    return z.union([jobSchema, operationJobSchema]).safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
