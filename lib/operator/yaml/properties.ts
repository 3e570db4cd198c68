import { type Cursor, isSpaceOrEnd, show } from "./cursor.ts";

/** A tag as written: `!!str` has the handle `!!` and the suffix `str`; `!<uri>` and `!` have no handle. */
export interface WrittenTag {
  readonly handle: string | undefined;
  readonly suffix: string;
}

export interface Directive {
  readonly name: string;
  /** Of `%YAML`. */
  readonly major?: number;
  /** Of `%TAG`. */
  readonly handle?: string;
  readonly prefix?: string;
}

const NAME = /[0-9A-Za-z_-]*/y;
const URI = /(?:[0-9A-Za-z\-;/?:@&=+$,_.!~*'()[\]]|%[0-9A-Fa-f]{2})*/y;

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.pos;
  const found = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.pos += found.length;
  return found;
}

function expectSpaceOrEnd(cursor: Cursor, what: string): void {
  const code = cursor.code();
  if (!isSpaceOrEnd(code) || code === 9)
    cursor.fail(`expected a blank after ${what}, but found ${show(code)}`);
}

/** Reads the name behind `&` or `*`. */
export function scanAnchor(cursor: Cursor): string {
  cursor.pos += 1;
  const name = take(cursor, NAME);
  const code = cursor.code();
  if (name === "" || !(isSpaceOrEnd(code) || "?:,]}%@`".includes(String.fromCharCode(code)))) {
    cursor.fail(`expected a letter, a digit, - or _ in the name of an anchor, but found ${show(code)}`);
  }
  return name;
}

/** Reads a tag at `!`. */
export function scanTag(cursor: Cursor): WrittenTag {
  const tag = scanTagName(cursor);
  expectSpaceOrEnd(cursor, "a tag");
  return tag;
}

function scanTagName(cursor: Cursor): WrittenTag {
  if (cursor.code(1) === 60) {
    cursor.pos += 2;
    const suffix = scanUri(cursor);
    if (cursor.code() !== 62) cursor.fail(`expected > at the end of a tag, but found ${show(cursor.code())}`);
    cursor.pos += 1;
    return { handle: undefined, suffix };
  }
  if (isSpaceOrEnd(cursor.code(1))) {
    cursor.pos += 1;
    return { handle: undefined, suffix: "!" };
  }
  const handle = hasNamedHandle(cursor) ? scanTagHandle(cursor) : "!";
  if (handle === "!") cursor.pos += 1;
  return { handle, suffix: scanUri(cursor) };
}

/** Whether the word at `!` holds a second `!`. */
function hasNamedHandle(cursor: Cursor): boolean {
  for (let offset = 1; ; offset += 1) {
    const code = cursor.code(offset);
    if (code === 33) return true;
    if (isSpaceOrEnd(code) && code !== 9) return false;
  }
}

/** Reads `!!` or `!name!`; for a lone `!` of a directive the cursor stays on it. */
function scanTagHandle(cursor: Cursor): string {
  if (cursor.code() !== 33) cursor.fail(`expected ! at the start of a tag, but found ${show(cursor.code())}`);
  if (cursor.code(1) === 32) return "!";
  cursor.pos += 1;
  const name = take(cursor, NAME);
  if (cursor.code() !== 33) cursor.fail(`expected ! in a tag, but found ${show(cursor.code())}`);
  cursor.pos += 1;
  return `!${name}!`;
}

function scanUri(cursor: Cursor): string {
  const start = cursor.pos;
  const uri = take(cursor, URI);
  if (uri === "") cursor.fail(`expected a tag, but found ${show(cursor.code())}`);
  try {
    return decodeURIComponent(uri);
  } catch {
    return cursor.fail("a tag has %-escapes that are no UTF-8", start);
  }
}

/** Reads a directive at `%` and the rest of its line. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.pos += 1;
  const name = take(cursor, NAME);
  if (name === "") cursor.fail(`expected the name of a directive, but found ${show(cursor.code())}`);
  expectSpaceOrEnd(cursor, "the name of a directive");
  const directive = { name, ...scanArguments(cursor, name) };
  cursor.skipRestOfLine("a directive");
  return directive;
}

function scanArguments(cursor: Cursor, name: string): Omit<Directive, "name"> {
  cursor.skipBlanks();
  if (name === "YAML") {
    const version = /([0-9]+)\.[0-9]+/y;
    version.lastIndex = cursor.pos;
    const [found = "", major = ""] = version.exec(cursor.text) ?? [];
    if (found === "")
      cursor.fail(`expected a version like 1.1 after %YAML, but found ${show(cursor.code())}`);
    cursor.pos += found.length;
    expectSpaceOrEnd(cursor, "the version of %YAML");
    return { major: Number(major) };
  }
  if (name === "TAG") {
    const handle = scanTagHandle(cursor);
    if (handle === "!") cursor.pos += 1;
    if (cursor.code() !== 32) cursor.fail(`expected a blank in %TAG, but found ${show(cursor.code())}`);
    cursor.skipBlanks();
    const prefix = scanUri(cursor);
    expectSpaceOrEnd(cursor, "the prefix of %TAG");
    return { handle, prefix };
  }
  cursor.skipToLineEnd();
  return {};
}
