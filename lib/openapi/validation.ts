import * as z from "zod/mini";
import { described } from "./described.ts";
import { validatedImages } from "./images.ts";
import { validationInfo } from "./validation-info.ts";

const texts = z.readonly(z.array(z.string()));

const wouldPush = z
  .object({
    repository: z.string(),
    version: z.optional(described("Absent where nobody could be asked which one is free.")),
    digest: described("SHA-256 of what would be published; of bundles that of the highest version."),
    images: validatedImages,
    size: z.number().check(z.meta({ description: "Of all that would be sent, packed, in bytes." })),
    files: texts,
  })
  .check(z.meta({ description: "null for what is not valid." }));

const rewrites = z.object({
  setting: z.enum(["package_name_suffix", "replace_registry", "csv_annotations"]),
  files: texts,
});

/** What a push would do. */
export const validation = {
  valid: z.boolean().check(z.meta({ description: "Whether a push would be done." })),
  message: z.optional(described("Why not.")),
  package: z
    .nullable(z.string())
    .check(z.meta({ description: "The package's name, with the suffix of the organization." })),
  layout: z.nullable(z.enum(["flat", "nested", "bundle"])),
  versions: texts.check(z.meta({ description: "Versions of its ClusterServiceVersions." })),
  channels: z.readonly(z.array(z.object({ name: z.string(), current_csv: z.nullable(z.string()) }))),
  default_channel: z.nullable(z.string()),
  validation_info: validationInfo,
  extracted_files: texts.check(z.meta({ description: "Paths of all files of the archive, sorted." })),
  target: z.enum(["appregistry", "bundle"]),
  would_push: z.nullable(wouldPush),
  rewrites: z
    .readonly(z.array(rewrites))
    .check(z.meta({ description: "What the organization's settings change." })),
};
