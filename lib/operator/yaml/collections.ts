import { MappingBuilder, type SequenceBuilder } from "./builders.ts";
import type { Resolved } from "./resolve.ts";
import type { Scanner } from "./scanner.ts";
import type { Anchor, EntrySource } from "./source.ts";
import type { Token, TokenType } from "./tokens.ts";
import { Dict } from "./values.ts";

/** What the readers of collections need of the reader of nodes. */
export interface NodeReader {
  readonly scanner: Scanner;
  /** Reads a value; `block` allows block collections, `indentless` a list that is not indented. */
  node(block: boolean, indentless?: boolean): Resolved;
  /** That of the value which starts here. */
  anchorAt(start: number): Anchor | undefined;
}

function sees(scanner: Scanner, type: TokenType): boolean {
  return scanner.peek().type === type;
}

/** Takes the token if it is there. */
function took(scanner: Scanner, type: TokenType): boolean {
  if (!sees(scanner, type)) return false;
  scanner.next();
  return true;
}

function expect(scanner: Scanner, type: TokenType, inside: string): void {
  const token = scanner.peek();
  if (token.type !== type) unexpected(scanner, token, `the end of ${inside}`);
  scanner.next();
}

function unexpected(scanner: Scanner, token: Token, expected: string): never {
  return scanner.cursor.fail(`expected ${expected}, but found ${token.type}`, token.start);
}

export function readBlockSequence(reader: NodeReader, sequence: SequenceBuilder): void {
  const { scanner } = reader;
  while (took(scanner, "-")) {
    const { type } = scanner.peek();
    sequence.add(type === "-" || type === "block end" ? null : reader.node(true));
  }
  expect(scanner, "block end", "a list or its next entry");
}

/** A list under a key that stands no deeper than the key. */
export function readIndentlessSequence(reader: NodeReader, sequence: SequenceBuilder): void {
  const { scanner } = reader;
  while (took(scanner, "-")) {
    sequence.add(sees(scanner, "-") || endsBlockEntry(scanner) ? null : reader.node(true));
  }
}

function endsBlockEntry(scanner: Scanner): boolean {
  const { type } = scanner.peek();
  return type === "?" || type === ":" || type === "block end";
}

export function readBlockMapping(reader: NodeReader, mapping: MappingBuilder): void {
  const { scanner } = reader;
  const { source } = mapping.dict;
  while (took(scanner, "?")) {
    const key = endsBlockEntry(scanner) ? null : reader.node(true, true);
    const keyEnd = scanner.last.end;
    const colonEnd = took(scanner, ":") ? scanner.last.end : undefined;
    const written = colonEnd !== undefined && !endsBlockEntry(scanner);
    const { start } = scanner.peek();
    mapping.add(key, written ? reader.node(true, true) : null);
    const value = written ? { start, last: scanner.last, anchor: reader.anchorAt(start) } : undefined;
    source?.entries.push({ key, keyEnd, colonEnd, value });
  }
  expect(scanner, "block end", "a mapping or its next key");
}

export function readFlowSequence(reader: NodeReader, sequence: SequenceBuilder): void {
  const { scanner } = reader;
  for (let first = true; !sees(scanner, "]"); first = false) {
    if (!first) expectComma(scanner, "]");
    if (took(scanner, "?")) sequence.add(readFlowPair(reader));
    else if (!sees(scanner, "]")) sequence.add(reader.node(false));
  }
  scanner.next();
}

/** `[a: b]` holds a mapping of one key. */
function readFlowPair(reader: NodeReader): Dict {
  const mapping = new MappingBuilder(new Dict());
  readFlowEntry(reader, mapping, "]");
  mapping.finish();
  return mapping.dict;
}

function expectComma(scanner: Scanner, end: TokenType): void {
  const token = scanner.peek();
  if (token.type !== ",") unexpected(scanner, token, `, or ${end}`);
  scanner.next();
}

export function readFlowMapping(reader: NodeReader, mapping: MappingBuilder): void {
  const { scanner } = reader;
  for (let first = true; !sees(scanner, "}"); first = false) {
    if (!first) expectComma(scanner, "}");
    if (took(scanner, "?")) readFlowEntry(reader, mapping, "}");
    else if (!sees(scanner, "}")) {
      const key = reader.node(false);
      mapping.add(key, null);
      mapping.dict.source?.entries.push(loneKey(key, scanner));
    }
  }
  scanner.next();
}

/** `{a}` */
function loneKey(key: Resolved, { last }: Scanner): EntrySource {
  return { key, keyEnd: last.end, colonEnd: undefined, value: undefined };
}

/** A key, whose "?" is taken already, and its value, each of which may be missing. */
function readFlowEntry(reader: NodeReader, mapping: MappingBuilder, end: TokenType): void {
  const { scanner } = reader;
  const { type } = scanner.peek();
  const key = type === ":" || type === "," || type === end ? null : reader.node(false);
  const keyEnd = scanner.last.end;
  const colonEnd = took(scanner, ":") ? scanner.last.end : undefined;
  const written = colonEnd !== undefined && !sees(scanner, ",") && !sees(scanner, end);
  const { start } = scanner.peek();
  mapping.add(key, written ? reader.node(false) : null);
  const value = written ? { start, last: scanner.last, anchor: reader.anchorAt(start) } : undefined;
  mapping.dict.source?.entries.push({ key, keyEnd, colonEnd, value });
}
