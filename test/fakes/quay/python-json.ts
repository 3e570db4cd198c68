export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Layout {
  readonly sorted: boolean;
  readonly comma: string;
  readonly colon: string;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Python escapes what is not ASCII; two codes for what lies beyond the first plane, as JavaScript counts. */
function writeText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function write(value: Json, layout: Layout): string {
  if (typeof value === "string") return writeText(value);
  if (value === null || typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map((item) => write(item, layout)).join(layout.comma)}]`;

  const entries = Object.entries(value);
  if (layout.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const members = entries.map(([key, member]) => writeText(key) + layout.colon + write(member, layout));
  return `{${members.join(layout.comma)}}`;
}

/** How /cnr writes: compact, sorted keys. */
export function compactJson(value: Json): string {
  return write(value, { sorted: true, comma: ",", colon: ":" });
}

/** How /api writes: a blank after comma and colon, keys as they come. */
export function spacedJson(value: Json): string {
  return write(value, { sorted: false, comma: ", ", colon: ": " });
}

/** What a manifest's digest is made of: `json.dumps(manifest, sort_keys=True)`. */
export function sortedJson(value: Json): string {
  return write(value, { sorted: true, comma: ", ", colon: ": " });
}

/** `repr()` of a string, as Python's error messages quote it. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
