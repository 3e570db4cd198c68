import * as z from "zod/mini";

/** A text that is not empty. */
export const text = z.string().check(z.minLength(1, "must not be empty"));

/** The address of a service. */
export const url = z.string().check(
  z.refine((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    return /^https?:$/.test(parsed?.protocol ?? "") && !parsed?.search && !parsed?.hash && !parsed?.username;
  }, "must be an http or https URL without credentials, query and fragment"),
);
