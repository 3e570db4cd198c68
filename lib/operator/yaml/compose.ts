import { MappingBuilder, plainValue, SequenceBuilder } from "./builders.ts";
import {
  type NodeReader,
  readBlockMapping,
  readBlockSequence,
  readFlowMapping,
  readFlowSequence,
  readIndentlessSequence,
} from "./collections.ts";
import { YamlError } from "./cursor.ts";
import { decodeYaml } from "./decode.ts";
import { Limits, ValueBudget } from "./limits.ts";
import type { Resolved } from "./resolve.ts";
import { CORE, resolveScalar } from "./scalar.ts";
import { Scanner } from "./scanner.ts";
import { type Anchor, NOTED_DEPTH } from "./source.ts";
import type { Token, TokenType } from "./tokens.ts";
import { Dict, PySet, type Value } from "./values.ts";

interface Properties {
  readonly anchor?: string;
  /** Complete, or "!", or undefined where none is written. */
  readonly tag?: string;
  readonly start?: number;
}

const NO_PROPERTIES: Properties = {};

/**
 * Reads the bytes of a YAML file as PyYAML's `safe_load` does. An empty file is null.
 *
 * @param budget of the package that the file is of; of the file alone unless told
 * @throws YamlError where PyYAML fails, and beyond the limits of this module.
 */
export function loadYaml(bytes: Uint8Array, budget = new ValueBudget()): Value {
  return new Composer(decodeYaml(bytes), budget).document();
}

/** Builds the values of one document from its tokens, by PyYAML's grammar. */
class Composer implements NodeReader {
  readonly scanner: Scanner;
  readonly #anchors = new Map<string, Resolved>();
  readonly #anchorNames = new Map<string, Anchor>();
  readonly #anchorPlaces = new Map<number, Anchor>();
  #handles = new Map<string, string>();
  readonly #limits: Limits;
  /** Of the node that is being constructed. */
  #position = 0;

  constructor(decoded: string, budget: ValueBudget) {
    this.scanner = new Scanner(decoded);
    this.#limits = new Limits(budget, (reason, start) => this.#fail(reason, start));
  }

  document(): Value {
    try {
      return this.#document();
    } catch (error) {
      // The steps of construction know what is wrong, but not where.
      if (error instanceof YamlError || !(error instanceof Error)) throw error;
      return this.#fail(error.message, this.#position);
    }
  }

  #document(): Value {
    const explicit = this.#sees("directive", "document start", "end of the file");
    if (explicit && !this.#startDocument()) return null;
    const empty = explicit && this.#sees("directive", "document start", "document end", "end of the file");
    const value = empty ? null : plainValue(this.node(true));
    while (this.#sees("document end")) this.scanner.next();
    if (!this.#sees("end of the file")) this.#fail("a second document starts here, keep one in a file");
    return value;
  }

  /** Takes the directives and `---`; false where the file has no document at all. */
  #startDocument(): boolean {
    if (this.#sees("end of the file")) return false;
    let versions = 0;
    while (this.#sees("directive")) {
      const { directive, start } = this.scanner.next();
      if (directive?.major !== undefined) {
        versions += 1;
        if (versions > 1) this.#fail("a second %YAML directive", start);
        if (directive.major !== 1)
          this.#fail(`expected %YAML 1.1, but found version ${directive.major}`, start);
      }
      const { handle, prefix } = directive ?? {};
      if (handle === undefined || prefix === undefined) continue;
      if (this.#handles.has(handle)) this.#fail(`a second %TAG directive for ${handle}`, start);
      this.#handles.set(handle, prefix);
    }
    if (!this.#sees("document start")) this.#fail("expected --- behind the directives");
    this.scanner.next();
    return true;
  }

  #sees(...types: TokenType[]): boolean {
    return types.includes(this.scanner.peek().type);
  }

  #fail(reason: string, position = this.scanner.peek().start): never {
    return this.scanner.cursor.fail(reason, position);
  }

  node(block: boolean, indentless = false): Resolved {
    const { type, start } = this.scanner.peek();
    if (type === "alias") return this.#alias(this.scanner.next());
    this.#limits.values(1, start);
    if (type !== "anchor" && type !== "tag") return this.#content(NO_PROPERTIES, block, indentless);
    return this.#content(this.#properties(), block, indentless);
  }

  #alias({ value: name, start }: Token): Resolved {
    const target = this.#anchors.get(name);
    this.#limits.alias(target, start);
    const anchor = this.#anchorNames.get(name);
    if (anchor) anchor.used = true;
    if (target !== undefined) return target;
    return this.#fail(`the alias *${name} has no anchor before it, quote a leading *`, start);
  }

  #properties(): Properties {
    const start = this.scanner.peek().start;
    let anchor: string | undefined;
    let tag: string | undefined;
    for (;;) {
      const token = this.scanner.peek();
      if (token.type === "anchor" && anchor === undefined) anchor = token.value;
      else if (token.tag && tag === undefined) tag = this.#fullTag(token);
      else break;
      this.scanner.next();
    }
    if (anchor !== undefined && this.#anchors.has(anchor)) {
      this.#fail(`the anchor &${anchor} is defined twice, rename one`, start);
    }
    if (anchor !== undefined) this.#noteAnchor(anchor, start);
    return { start, ...(anchor !== undefined && { anchor }), ...(tag !== undefined && { tag }) };
  }

  #noteAnchor(name: string, start: number): void {
    const anchor = { name, used: false };
    this.#anchorNames.set(name, anchor);
    this.#anchorPlaces.set(start, anchor);
  }

  anchorAt(start: number): Anchor | undefined {
    return this.#anchorPlaces.get(start);
  }

  #fullTag({ tag, start }: Token): string {
    const { handle, suffix = "" } = tag ?? {};
    if (handle === undefined) return suffix;
    const fallback = handle === "!" ? "!" : handle === "!!" ? CORE : undefined;
    const prefix = this.#handles.get(handle) ?? fallback;
    if (prefix === undefined) this.#fail(`the tag handle ${handle} is not defined`, start);
    return prefix + suffix;
  }

  #content(properties: Properties, block: boolean, indentless: boolean): Resolved {
    const { type } = this.scanner.peek();
    if (type === "scalar") return this.#scalar(this.scanner.next(), properties);
    if (type === "[" || (type === "sequence" && block))
      return this.#sequence(this.scanner.next(), properties);
    if (type === "-" && indentless) return this.#sequence(this.scanner.peek(), properties);
    if (type === "{" || (type === "mapping" && block)) return this.#mapping(this.scanner.next(), properties);
    const { start } = properties;
    if (start === undefined) this.#fail(`expected a value, but found ${type}`);
    return this.#scalar({ type: "scalar", start, end: start, value: "", plain: true }, properties);
  }

  #scalar({ start, value, plain }: Token, { anchor, tag }: Properties): Resolved {
    this.#position = start;
    const resolved = tag === undefined && !plain ? value : resolveScalar(tag, value);
    if (anchor !== undefined) this.#anchors.set(anchor, resolved);
    return resolved;
  }

  #sequence({ type, start }: Token, { anchor, tag }: Properties): Resolved {
    const pairs = tag === `${CORE}omap` || tag === `${CORE}pairs`;
    if (!pairs && tag !== undefined && tag !== "!" && tag !== `${CORE}seq`) {
      this.#fail(`the tag ${tag} cannot be used for a list, remove it`, start);
    }
    const list: Value[] = [];
    if (anchor !== undefined) this.#anchors.set(anchor, list);
    const builder = new SequenceBuilder(list, pairs);
    this.#limits.inside(list, anchor !== undefined, start, () => {
      if (type === "[") readFlowSequence(this, builder);
      else if (type === "sequence") readBlockSequence(this, builder);
      else readIndentlessSequence(this, builder);
    });
    return list;
  }

  #mapping({ type, start }: Token, { anchor, tag }: Properties): Resolved {
    const isSet = tag === `${CORE}set`;
    if (!isSet && tag !== undefined && tag !== "!" && tag !== `${CORE}map`) {
      this.#fail(`the tag ${tag} cannot be used for a mapping, remove it`, start);
    }
    const value = isSet ? new PySet() : new Dict();
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    const builder = new MappingBuilder(value instanceof PySet ? value.members : value);
    if (this.#limits.depth < NOTED_DEPTH) builder.dict.standsAt({ start, flow: type === "{", entries: [] });
    this.#limits.inside(value, anchor !== undefined, start, () => {
      if (type === "{") readFlowMapping(this, builder);
      else readBlockMapping(this, builder);
    });
    this.#limits.mergedKeys(builder.finish(), start);
    return value;
  }
}
