import type { PatternReader } from "./reader.ts";
import type { Flags } from "./syntax.ts";

/** The groups of a pattern that were opened so far. */
export interface Groups {
  count: number;
  readonly names: Map<string, number>;
}

/** What a `(` opens: a group with its flags, and its number where it has one. */
export interface GroupOpening {
  readonly flags: Flags;
  readonly number: number | undefined;
}

/** Python takes more letters; these are enough for a name. */
export const GROUP_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads what follows a `(`, up to the content of the group; a comment to its end. */
export function readGroupOpening(
  reader: PatternReader,
  flags: Flags,
  groups: Groups,
): GroupOpening | "comment" {
  if (!reader.took("?")) return numbered(flags, groups);
  if (reader.took("P")) return named(reader, flags, groups);
  if (reader.took(":")) return { flags, number: undefined };
  if (reader.took("#")) {
    reader.takeUntil(")", "a comment");
    return "comment";
  }
  for (const start of ["=", "!", "<=", "<!"]) {
    if (reader.took(start)) {
      reader.fail(`it looks ahead or back with '(?${start}', which cannot be searched for in linear time`);
    }
  }
  if (reader.took("(")) reader.fail("it has a condition '(?(', which cannot be searched for in linear time");
  const inside = readFlags(reader, flags);
  if (!reader.took(":")) {
    reader.fail("flags for the whole pattern must stand at its start, others be followed by ':'");
  }
  if (inside.ascii !== flags.ascii) {
    reader.fail("the flags 'a' and 'u' can be set for the whole pattern only, at its start");
  }
  return { flags: inside, number: undefined };
}

function numbered(flags: Flags, groups: Groups): GroupOpening {
  groups.count += 1;
  return { flags, number: groups.count };
}

function named(reader: PatternReader, flags: Flags, groups: Groups): GroupOpening {
  if (reader.took("=")) {
    reader.fail("'(?P=' refers back to a group, which cannot be searched for in linear time");
  }
  if (!reader.took("<")) reader.fail("'(?P' must be followed by '<', a name and '>'");
  const name = reader.takeUntil(">", "the name of a group");
  if (!GROUP_NAME.test(name)) {
    reader.fail(
      `a group cannot have the name ${JSON.stringify(name)}; a name has A-Z, a-z, 0-9 and '_' only`,
    );
  }
  if (groups.names.has(name)) reader.fail(`two groups have the name '${name}'`);
  const opening = numbered(flags, groups);
  groups.names.set(name, groups.count);
  return opening;
}

const FLAGS: ReadonlyMap<string, keyof Flags> = new Map<string, keyof Flags>([
  ["i", "ignoreCase"],
  ["m", "multiline"],
  ["s", "dotAll"],
  ["a", "ascii"],
]);

/** Reads the flags for the whole pattern, `(?i)(?s)`. */
export function readStartFlags(reader: PatternReader, outer: Flags): Flags {
  let flags = outer;
  for (let mark = reader.mark(); reader.took("(?"); mark = reader.mark()) {
    const isSetting = reader.takeWhile(/^[A-Za-z]$/) !== "" && reader.took(")");
    reader.back(mark);
    if (!isSetting) break;
    reader.took("(?");
    flags = readFlags(reader, flags);
    reader.took(")");
  }
  return flags;
}

/** The letters of `(?i)`, `(?i:` or `(?s-i:`. */
function readFlags(reader: PatternReader, outer: Flags): Flags {
  const on = reader.takeWhile(/^[A-Za-z]$/);
  const hasOff = reader.took("-");
  const off = hasOff ? reader.takeWhile(/^[A-Za-z]$/) : "";
  const written = `'(?${on}${hasOff ? `-${off}` : ""}'`;
  if (!/^[imsau]*$/.test(on + off)) {
    reader.fail(`${written} is not supported; the flags are 'i', 'm', 's', 'a' and 'u'`);
  }
  const clash = /a.*u|u.*a/.test(on) || /[au]/.test(off) || Array.from(on).some((flag) => off.includes(flag));
  if (clash || (hasOff ? off : on) === "") reader.fail(`${written} is no combination of flags`);
  const flags: { -readonly [flag in keyof Flags]: boolean } = { ...outer };
  if (on.includes("u")) flags.ascii = false;
  for (const [letter, flag] of FLAGS) {
    if (on.includes(letter)) flags[flag] = true;
    if (off.includes(letter)) flags[flag] = false;
  }
  return flags;
}
