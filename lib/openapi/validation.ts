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

const text = z.nullable(z.string());

const crd = z.object({
  name: z.string(),
  kind: text,
  version: text,
  display_name: text,
  description: text,
});

const csv = z.object({
  name: z.string(),
  version: text,
  replaces: text,
  skips: texts,
  display_name: text,
  provider: text,
  description: text.check(z.meta({ description: "Markdown of whoever made the package." })),
  icon: z.nullable(z.object({ mediatype: z.string(), base64data: z.string() })),
  capabilities: text,
  categories: text,
  crds: z.readonly(z.array(crd)).check(z.meta({ description: "Those that it owns." })),
});

const CSVS =
  "What a catalog would show of each ClusterServiceVersion that can be read, as it stands in the package. Long texts are cut; a text or an icon is null where there is none, or where all together are too long.";

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
  csvs: z.readonly(z.array(csv)).check(z.meta({ description: CSVS })),
  validation_info: validationInfo,
  extracted_files: texts.check(z.meta({ description: "Paths of all files of the archive, sorted." })),
  target: z.enum(["appregistry", "bundle"]),
  would_push: z.nullable(wouldPush),
  rewrites: z
    .readonly(z.array(rewrites))
    .check(z.meta({ description: "What the organization's settings change." })),
};
