import * as z from "zod/mini";
import { FormatError, parseFormat } from "./annotation.ts";
import { bundleSettings, checkBundleSettings } from "./bundle.ts";
import { compileReplacement, ReplacementError } from "./replacement.ts";
import { text } from "./values.ts";

/** Gets the rule ready for use, as `replace`. */
const replaceRegistry = z.pipe(
  z.strictObject({ old: text, new: z.string(), regexp: z._default(z.boolean(), false) }),
  z.transform((rule, context) => {
    try {
      return { ...rule, replace: compileReplacement(rule) };
    } catch (error) {
      if (!(error instanceof ReplacementError)) throw error;
      const { key, message } = error;
      context.issues.push({ code: "custom", input: rule[key], path: [key], message });
      return z.NEVER;
    }
  }),
);

/** Gets the value ready for use, as `valueFor`. */
const csvAnnotation = z.pipe(
  z.strictObject({ name: text, value: z.string() }),
  z.transform((annotation, context) => {
    try {
      return { ...annotation, valueFor: parseFormat(annotation.value) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      context.issues.push({
        code: "custom",
        input: annotation.value,
        path: ["value"],
        message: error.message,
      });
      return z.NEVER;
    }
  }),
);

/** What is done for an organization. */
export const organization = z
  .strictObject({
    public: z._default(z.boolean(), false),
    replace_registry: z._default(z.array(replaceRegistry), []),
    package_name_suffix: z.optional(
      text.check(z.regex(/^[a-z0-9._-]+$/, "may have a-z, 0-9, '.', '_' and '-' only")),
    ),
    csv_annotations: z._default(z.array(csvAnnotation), []),
    target: z._default(z.enum(["appregistry", "bundle"]), "appregistry"),
    ...bundleSettings,
  })
  .check(checkBundleSettings);

export type OrganizationConfig = Readonly<z.output<typeof organization>>;

/** What is done for an organization that the configuration does not name: it is private, and nothing is changed. */
export const UNCONFIGURED: OrganizationConfig = organization.parse({});
