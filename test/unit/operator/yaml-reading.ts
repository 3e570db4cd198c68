import {
  Dict,
  loadYaml,
  PyDate,
  PyDateTime,
  PySet,
  PyTuple,
  type Value,
  YamlError,
} from "../../../lib/operator/yaml/index.ts";

export const read = (text: string) => loadYaml(Buffer.from(text));

/** Mappings as lists of pairs, so that the order of keys and their types show: a Dict equals any other to `toEqual`. */
export function plain(value: Value): unknown {
  if (value instanceof Dict) return [...value.entries()].map(([key, entry]) => [plain(key), plain(entry)]);
  if (value instanceof PySet) return { set: plain(value.members) };
  if (value instanceof PyTuple) return { pair: value.items.map(plain) };
  if (value instanceof PyDate || value instanceof PyDateTime) return { time: value.iso };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  return Array.isArray(value) ? value.map(plain) : value;
}

export const readPlain = (text: string) => plain(read(text));

/** The message of the error that reading ends with. */
export function failure(text: string | Uint8Array): string {
  try {
    loadYaml(typeof text === "string" ? Buffer.from(text) : text);
  } catch (error) {
    if (error instanceof YamlError) return error.message;
    throw error;
  }
  throw new Error("expected an error");
}
