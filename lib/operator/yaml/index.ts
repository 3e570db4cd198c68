/**
 * YAML 1.1 as PyYAML's safe loader reads it, and the values that it builds. This folder holds all that
 * differs from a stock YAML library, so that the rules need not know.
 */

export { loadYaml } from "./compose.ts";
export { YamlError } from "./cursor.ts";
export { dumpYaml } from "./emit.ts";
export { blockText, flowText } from "./emit-scalar.ts";
export { floatRepr } from "./float.ts";
export { MAX_ALIASES, MAX_DEPTH, MAX_MERGED_KEYS, MAX_VALUES, ValueBudget } from "./limits.ts";
export type { EntrySource, MappingSource, ValueSource } from "./source.ts";
export {
  type Collection,
  Dict,
  isCollection,
  isHashable,
  PyDate,
  PyDateTime,
  PySet,
  PyTuple,
  type Value,
} from "./values.ts";
