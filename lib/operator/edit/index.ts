/**
 * The changes that an organization asks for, made in the text of the files: what is not changed stays the
 * same to the byte.
 */

export { annotateCsvs, type CsvAnnotation } from "./csv-annotations.ts";
export { BUNDLE_FILES } from "./files.ts";
export { MappingEdit } from "./mapping-edit.ts";
export { addNameSuffix, type NamedPackage } from "./name-suffix.ts";
export {
  MAX_REPLACED_LENGTH,
  MAX_REPLACEMENT_WORK,
  type Replacement,
  replaceRegistry,
} from "./replace-registry.ts";
export { splice, withLineFeeds } from "./splice.ts";
