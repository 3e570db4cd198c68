import * as z from "zod/mini";
import { OperationLostError } from "../errors/index.ts";

/** How long the end of an operation is told, in milliseconds. */
export const END_LIFE_MS = 24 * 60 * 60 * 1000;

/** After so long an operation that has not ended is given up, in milliseconds. */
export const OPERATION_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * After so long without a word an operation that was begun is given up, in milliseconds: five tries that all die without one,
 * with the pauses between them, take 40 minutes.
 */
export const SILENCE_MS = 60 * 60 * 1000;

/** How long after its last word the last try of an operation is dead, in milliseconds: its function has 60 s. */
export const LAST_TRY_MS = 120_000;

const pushSchema = z.object({
  organization: z.string(),
  /** Absent: the package's own. */
  repository: z.optional(z.string()),
  /** Absent: the next one. */
  version: z.optional(z.string()),
  /** The build; absent in the push of an archive. */
  nvr: z.optional(z.string()),
  /** Where the archive lies; absent in the push of a build. */
  archive: z.optional(z.object({ key: z.string(), max_unpacked_bytes: z.number() })),
});

const operationSchema = z.object({
  /** The fingerprint of the caller's token. */
  caller: z.string(),
  /** The token itself, encrypted; gone when the operation has ended. */
  token: z.optional(z.string()),
  push: pushSchema,
  status: z.enum(["queued", "running", "succeeded", "failed"]),
  /** What it is doing, where that lasts. */
  step: z.optional(z.string()),
  /** How often it was begun. */
  tries: z.number(),
  /** Whether no message comes after that of this try. */
  last: z.optional(z.boolean()),
  /** In milliseconds since 1970. */
  created: z.number(),
  ended: z.optional(z.number()),
  /** The body of the answer, when it has ended. */
  answer: z.optional(z.record(z.string(), z.unknown())),
});

/** What a queued operation pushes. */
export type OperationPush = z.output<typeof pushSchema>;

/** A push that nobody waits for, as it is kept. */
export type Operation = z.output<typeof operationSchema>;

/** An operation as it was read. */
export interface StoredOperation {
  readonly operation: Operation;
  /** What changes with each write. */
  readonly tag: string;
  /** Milliseconds since it was written. */
  readonly age: number;
}

/** Reads an operation from its text; undefined where it is none. */
export function readOperation(text: string): Operation | undefined {
  try {
    return operationSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether nobody will work on it any more, although it has not ended: its functions were killed, or its message is lost. */
export function isLost({ operation, age }: StoredOperation, now: number): boolean {
  if (operation.ended !== undefined) return false;
  if (now - operation.created >= OPERATION_LIFE_MS) return true;
  if (operation.status === "running" && operation.last && age >= LAST_TRY_MS) return true;
  return operation.tries > 0 && age >= SILENCE_MS;
}

/** What the caller of an operation is told that is lost. */
export function lost({ tries }: Operation): OperationLostError {
  return new OperationLostError(
    `The push was begun ${tries} times and did not come to its end; it is not worked on any more. Whether the release is there, Quay tells; push again where it is not.`,
  );
}

/** What its caller is told about an operation. */
export function shownOperation(id: string, stored: StoredOperation, now: number): Record<string, unknown> {
  const { operation } = stored;
  const { status, step, tries, created, ended, answer } = operation;
  const times = { created: timeOf(created), ...(ended !== undefined && { ended: timeOf(ended) }) };
  if (isLost(stored, now)) return { id, status: "failed", tries, ...times, error: lost(operation).body() };
  return {
    id,
    status,
    ...(step !== undefined && { step }),
    tries,
    ...times,
    ...(answer && { [status === "succeeded" ? "result" : "error"]: answer }),
  };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
