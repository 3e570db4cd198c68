import * as z from "zod/mini";
import { described } from "./described.ts";

const ID = "0123456789abcdef0123456789abcdef";
const TIME = "2026-11-24T10:00:00.000Z";

const status = z
  .enum(["queued", "running", "succeeded", "failed"])
  .check(z.meta({ description: "How far the push is." }));

/** A push that is done later. */
export const ACCEPTED = z
  .object({ id: described("The operation's ID."), status, created: described("When it was queued.") })
  .check(z.meta({ examples: [{ id: ID, status: "queued", created: TIME }] }));

/** How such a push goes, with what one of its kinds gives in the end. */
export function operation(results: readonly [z.ZodMiniType, ...z.ZodMiniType[]]) {
  const failure = z.looseObject({ status: z.number(), error: z.string(), message: z.string() });
  const example = { id: ID, status: "running", step: "push", tries: 1, created: TIME };
  return z
    .object({
      id: z.string(),
      status,
      step: z.optional(described("What it does.")),
      tries: z.number().check(z.meta({ description: "How often it was begun." })),
      created: described("When it was queued."),
      ended: z.optional(described("When it has ended.")),
      result: z.optional(
        z.union(results).check(z.meta({ description: "What a push without `Prefer` answers." })),
      ),
      error: z.optional(failure.check(z.meta({ description: "The error that such a push answers." }))),
    })
    .check(z.meta({ examples: [example] }));
}

/** A place for an upload. */
export const UPLOAD = z
  .object({
    upload: described("The upload's ID, to be pushed."),
    url: described("Where the form is sent."),
    fields: z
      .record(z.string(), z.string())
      .check(z.meta({ description: "What the form has beside the field `file`, which comes last." })),
    expires: described("Until when it can be sent."),
    max_bytes: z.number().check(z.meta({ description: "Most bytes of the zip." })),
  })
  .check(
    z.meta({
      examples: [
        {
          upload: "6925…",
          url: "https://bucket.s3.us-east-1.amazonaws.com/",
          fields: { key: "uploads/6925…", "Content-Type": "application/zip", policy: "…" },
          expires: TIME,
          max_bytes: 52_428_800,
        },
      ],
    }),
  );
