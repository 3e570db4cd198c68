import * as z from "zod/mini";

/** Most intents that a repository has open; the oldest goes first. */
export const MAX_INTENTS = 20;

/** How long an intent is open, in milliseconds: build systems ask again for some minutes. */
export const INTENT_MS = 15 * 60 * 1000;

const intentSchema = z.object({
  /** The fingerprint of the caller's token. */
  token: z.string(),
  /** SHA-256 of the content, in hex. */
  digest: z.string(),
  /** The version that was asked for; absent: the next one. */
  given: z.optional(z.string()),
  /** The version that is, or may be, written; absent: none was chosen yet. */
  version: z.optional(z.string()),
  /** When it was noted, in milliseconds since 1970. */
  noted: z.number(),
});

const recordSchema = z.object({
  /** Who may write to the repository; absent: nobody at the moment. */
  holder: z.optional(z.string()),
  intents: z.readonly(z.array(intentSchema)),
});

/** A push that has begun and whose end nobody has seen. */
export type Intent = z.output<typeof intentSchema>;

/** What is known of the pushes to one repository. */
export type PushRecord = z.output<typeof recordSchema>;

/** Reads a record; one that is none has nothing to say. */
export function parseRecord(content: string): PushRecord {
  try {
    return recordSchema.parse(JSON.parse(content));
  } catch {
    return { intents: [] };
  }
}

type SameIn = Pick<Intent, "token" | "digest" | "given">;

/** Whether the same was asked for: by the same caller, the same content, in the same version or none. */
export function isSame(one: SameIn, other: SameIn): boolean {
  return one.token === other.token && one.digest === other.digest && one.given === other.given;
}

/** The intents that are still open. */
export function openIntents(intents: readonly Intent[], now: number): Intent[] {
  return intents.filter(({ noted }) => now - noted < INTENT_MS);
}

/** The intents that are still open, with this one in the place of what it was before. */
export function withIntent(intents: readonly Intent[], intent: Intent | undefined, now: number): Intent[] {
  const others = openIntents(intents, now).filter((each) => !(intent && isSame(each, intent)));
  return (intent ? [...others, intent] : others).slice(-MAX_INTENTS);
}
