import * as z from "zod/mini";

/** What the rules found in a package. */
export const validationInfo = z
  .union([
    z.object({ errors: z.readonly(z.array(z.string())), warnings: z.readonly(z.array(z.string())) }),
    z.strictObject({}),
  ])
  .check(z.meta({ description: "What the rules found; empty where they were not reached." }));
