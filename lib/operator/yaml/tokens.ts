import type { Directive, WrittenTag } from "./properties.ts";

export type TokenType =
  | "directive"
  | "document start"
  | "document end"
  | "end of the file"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "-"
  | "?"
  | ":"
  | "sequence"
  | "mapping"
  | "block end"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token {
  readonly type: TokenType;
  /** Index in the text. */
  readonly start: number;
  /** Index behind it; 0 for a token that has no text of its own. */
  readonly end: number;
  /** The text of a scalar, the name of an anchor or alias. */
  readonly value: string;
  /** Whether a scalar stands there without quotes. */
  readonly plain: boolean;
  readonly tag?: WrittenTag;
  readonly directive?: Directive;
}

/** Stands before the first token. */
export const NO_TOKEN: Token = { type: "document start", start: 0, end: 0, value: "", plain: false };
