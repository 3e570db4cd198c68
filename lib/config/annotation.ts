import { stringRepr } from "../python-repr.ts";

/** A value of a CSV annotation that is wrong; the message tells how. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}

/** Gives the value for a package's name. */
export type Format = (packageName: string) => string;

/** Characters that one field may be padded to. */
export const MAX_WIDTH = 10_000;

/**
 * Reads a Python format string (`str.format`) that may use the one field `package_name`, with a conversion
 * (`!r`, `!s`, `!a`) and with what Python 3.8 lets a format specification do to a text.
 *
 * @throws FormatError
 */
export function parseFormat(text: string): Format {
  const parts: Format[] = [];
  let rest = text;
  while (rest !== "") {
    const plain = /^(?:[^{}]|\{\{|\}\})+/.exec(rest)?.[0] ?? "";
    const field = plain === "" ? fieldAt(rest) : "";
    parts.push(plain === "" ? parseField(field) : constant(plain.replaceAll(/([{}])\1/g, "$1")));
    rest = rest.slice(plain.length || field.length + 2);
  }
  return (packageName) => parts.map((part) => part(packageName)).join("");
}

function constant(text: string): Format {
  return () => text;
}

/** What is in the braces that the text starts with. */
function fieldAt(text: string): string {
  const field = /^\{([^{}]*)\}/.exec(text)?.[1];
  if (field !== undefined) return field;
  const nested = /^\{[^{}]*\{/.test(text) && !text.startsWith("{{");
  throw new FormatError(
    nested
      ? "has a field inside a field, or a single '{'; write '{{' for the character"
      : "has a single '{' or '}'; write '{{' or '}}' for the character",
  );
}

function parseField(field: string): Format {
  const { conversion, specification = "" } =
    /^package_name(?:!(?<conversion>[rsa]))?(?::(?<specification>[\s\S]*))?$/.exec(field)?.groups ??
    unknownField(field);
  const pad = parseSpecification(specification);
  if (conversion === "r" || conversion === "a") return (name) => pad(stringRepr(name, conversion === "a"));
  return pad;
}

function unknownField(field: string): never {
  throw new FormatError(`has the field '{${field}}'; only {package_name} is known`);
}

const SPECIFICATION =
  /^(?:(?<fill>[\s\S])?(?<align>[<>^]))?(?<zero>0)?(?<width>[0-9]*)(?:\.(?<precision>[0-9]+))?s?$/u;

/** Fill, alignment, width and precision: all that a text may have. */
function parseSpecification(specification: string): Format {
  const { fill, align, zero, width, precision } = SPECIFICATION.exec(specification)?.groups ?? {};
  const isRead = SPECIFICATION.test(specification);
  // A width that starts with 0 asks for an alignment that only numbers have.
  if (!isRead || (zero !== undefined && align === undefined)) {
    throw new FormatError(
      `has the format ':${specification}'; a text can have a fill character, '<', '>' or '^', a width, '.' and a longest length`,
    );
  }
  const columns = Number(width ?? 0);
  if (columns > MAX_WIDTH) throw new FormatError(`asks for ${width} characters, more than ${MAX_WIDTH}`);
  const longest = precision === undefined ? Number.POSITIVE_INFINITY : Number(precision);
  const padding = fill ?? (zero === undefined ? " " : "0");
  return (text) => aligned(Array.from(text).slice(0, longest), columns, align ?? "<", padding);
}

function aligned(characters: readonly string[], width: number, align: string, fill: string): string {
  const missing = Math.max(width - characters.length, 0);
  const before = { ">": missing, "^": Math.floor(missing / 2) }[align] ?? 0;
  return fill.repeat(before) + characters.join("") + fill.repeat(missing - before);
}
