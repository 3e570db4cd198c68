import * as z from "zod/mini";

/** A text, and what it is. */
export function described(description: string) {
  return z.string().check(z.meta({ description }));
}
