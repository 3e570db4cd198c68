import type { CharacterSet } from "./characters.ts";

/** A pattern or template that is wrong, or that is not supported; the message says what to write instead. */
export class RegexpError extends Error {
  override readonly name = "RegexpError";
}

export type Place =
  | "line start"
  | "line end"
  | "text start"
  | "text end"
  | "last line end"
  | "word boundary"
  | "inside word or blank";

/** A part of a pattern. */
export type Node =
  | { readonly type: "characters"; readonly set: CharacterSet; readonly literal: string | undefined }
  | { readonly type: "sequence"; readonly items: readonly Node[] }
  | { readonly type: "choice"; readonly options: readonly Node[] }
  | { readonly type: "group"; readonly number: number; readonly item: Node }
  | { readonly type: "place"; readonly place: Place; readonly ascii: boolean }
  | {
      readonly type: "repeat";
      readonly item: Node;
      readonly min: number;
      /** Infinity where there is none. */
      readonly max: number;
      readonly lazy: boolean;
    };

export interface Pattern {
  readonly root: Node;
  /** How many groups it has, the whole match not counted. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/** The inline flags that Python knows and we support. MULTILINE is on from the start. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ascii: boolean;
}

/** Whether the part can match without taking a character. */
export function canBeEmpty(node: Node): boolean {
  switch (node.type) {
    case "characters":
      return false;
    case "place":
      return true;
    case "group":
      return canBeEmpty(node.item);
    case "repeat":
      return node.min === 0 || canBeEmpty(node.item);
    case "sequence":
      return node.items.every(canBeEmpty);
    case "choice":
      return node.options.some(canBeEmpty);
  }
}
