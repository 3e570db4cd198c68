import { scanBlock } from "./block.ts";
import { Cursor, isSpaceOrEnd, show } from "./cursor.ts";
import { scanPlain, startsPlain } from "./plain.ts";
import { type PossibleKey, PossibleKeys } from "./possible-keys.ts";
import { scanAnchor, scanDirective, scanTag } from "./properties.ts";
import { scanQuoted } from "./quoted.ts";
import { NO_TOKEN, type Token, type TokenType } from "./tokens.ts";

/**
 * Cuts a decoded text into the tokens that PyYAML's scanner sees. Stock YAML readers are no substitute:
 * they refuse quoted and flow text that continues at a lower indentation, and accept tabs, long keys
 * and `?` in flow text, which PyYAML refuses.
 */
export class Scanner {
  readonly cursor: Cursor;
  /** The last token taken that has a text. */
  last: Token = NO_TOKEN;
  #queue: Token[] = [];
  #head = 0;
  #taken = 0;
  #ended = false;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;
  readonly #keys: PossibleKeys;

  constructor(decoded: string) {
    this.cursor = new Cursor(decoded);
    this.#keys = new PossibleKeys(this.cursor);
  }

  peek(): Token {
    while (this.#needsMore()) this.#fetch();
    const token = this.#queue[this.#head];
    if (token === undefined) throw new Error("read beyond the end of the tokens");
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (token.end > 0) this.last = token;
    this.#head += 1;
    this.#taken += 1;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return token;
  }

  #needsMore(): boolean {
    if (this.#ended) return false;
    if (this.#head === this.#queue.length) return true;
    this.#keys.forgetStale();
    return this.#keys.firstTokenNumber() === this.#taken;
  }

  /** Adds a token that nothing in the text stands for. */
  #add(type: TokenType): void {
    this.#queue.push({ type, start: this.cursor.pos, end: 0, value: "", plain: false });
  }

  /** Adds a token of one or more characters and steps over them. */
  #addIndicator(type: TokenType, length = 1): void {
    const { pos: start } = this.cursor;
    this.cursor.pos += length;
    this.#queue.push({ type, start, end: start + length, value: "", plain: false });
  }

  #fetch(): void {
    this.#skipToToken();
    this.#keys.forgetStale();
    this.#unwindIndent(this.cursor.column);
    const code = this.cursor.code();
    if (code === 0) this.#fetchEnd();
    else if (!this.#fetchToken(code)) this.#failToStart(code);
  }

  #fetchToken(code: number): boolean {
    if (this.cursor.column === 0 && this.#fetchAtLineStart(code)) return true;
    return this.#fetchFlow(code) || this.#fetchBlock(code) || this.#fetchNode(code);
  }

  #failToStart(code: number): never {
    const fix = code === 9 ? ", use blanks instead of tabs" : "";
    return this.cursor.fail(`found ${show(code)} where no value or key can start${fix}`);
  }

  #fetchAtLineStart(code: number): boolean {
    const marker = this.cursor.atDocumentMarker();
    if (code !== 37 && !marker) return false;
    this.#unwindIndent(-1);
    this.#keys.forget(this.#flowLevel);
    this.#keyAllowed = false;
    if (marker) this.#addIndicator(code === 45 ? "document start" : "document end", 3);
    else {
      const start = this.cursor.pos;
      const directive = scanDirective(this.cursor);
      const end = this.cursor.pos;
      this.#queue.push({ type: "directive", start, end, value: "", plain: false, directive });
    }
    return true;
  }

  #fetchFlow(code: number): boolean {
    if (code === 91 || code === 123) {
      this.#rememberKey();
      this.#flowLevel += 1;
      this.#keyAllowed = true;
      this.#addIndicator(code === 91 ? "[" : "{");
    } else if (code === 93 || code === 125) {
      this.#keys.forget(this.#flowLevel);
      // A stray bracket is the parser's to report; the level only has to stay a level.
      this.#flowLevel = Math.max(this.#flowLevel - 1, 0);
      this.#keyAllowed = false;
      this.#addIndicator(code === 93 ? "]" : "}");
    } else if (code === 44) {
      this.#keyAllowed = true;
      this.#keys.forget(this.#flowLevel);
      this.#addIndicator(",");
    } else return false;
    return true;
  }

  #fetchBlock(code: number): boolean {
    const spaced = isSpaceOrEnd(this.cursor.code(1));
    if (code === 45 && spaced) {
      this.#openBlock("sequence");
      this.#keyAllowed = true;
      this.#keys.forget(this.#flowLevel);
      this.#addIndicator("-");
    } else if (code === 63 && (spaced || this.#flowLevel > 0)) {
      this.#openBlock("mapping");
      this.#keyAllowed = this.#flowLevel === 0;
      this.#keys.forget(this.#flowLevel);
      this.#addIndicator("?");
    } else if (code === 58 && (spaced || this.#flowLevel > 0)) {
      this.#fetchValue();
    } else return false;
    return true;
  }

  #openBlock(type: "sequence" | "mapping"): void {
    if (this.#flowLevel > 0) return;
    if (!this.#keyAllowed) {
      this.cursor.fail(`a ${type === "sequence" ? "list entry" : "key"} cannot start here, start a new line`);
    }
    if (this.#addIndent(this.cursor.column)) this.#add(type);
  }

  #fetchValue(): void {
    const key = this.#keys.take(this.#flowLevel);
    if (key) {
      this.#insertKey(key);
      this.#keyAllowed = false;
    } else {
      this.#openBlock("mapping");
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#addIndicator(":");
  }

  #insertKey({ tokenNumber, start, lineStart }: PossibleKey): void {
    const index = this.#head + tokenNumber - this.#taken;
    const token: Token = { type: "?", start, end: 0, value: "", plain: false };
    if (this.#flowLevel === 0 && this.#addIndent(start - lineStart)) {
      this.#queue.splice(index, 0, { ...token, type: "mapping" }, token);
    } else this.#queue.splice(index, 0, token);
  }

  #fetchNode(code: number): boolean {
    if ((code === 124 || code === 62) && this.#flowLevel === 0) {
      this.#keyAllowed = true;
      this.#keys.forget(this.#flowLevel);
      const start = this.cursor.pos;
      const { text, end } = scanBlock(this.cursor, this.#indent);
      this.#queue.push({ type: "scalar", start, end, value: text, plain: false });
      return true;
    }
    const named = code === 42 || code === 38 || code === 33;
    const quoted = code === 39 || code === 34;
    if (!named && !quoted && !startsPlain(this.cursor, this.#flowLevel > 0)) return false;
    this.#rememberKey();
    this.#keyAllowed = false;
    if (named) this.#fetchProperty(code);
    else this.#fetchText(quoted);
    return true;
  }

  #fetchProperty(code: number): void {
    const start = this.cursor.pos;
    const tag = code === 33 ? scanTag(this.cursor) : undefined;
    const value = tag ? "" : scanAnchor(this.cursor);
    const token = { start, end: this.cursor.pos, value, plain: false };
    if (tag) this.#queue.push({ ...token, type: "tag", tag });
    else this.#queue.push({ ...token, type: code === 42 ? "alias" : "anchor" });
  }

  #fetchText(quoted: boolean): void {
    const start = this.cursor.pos;
    if (quoted) {
      const value = scanQuoted(this.cursor);
      this.#queue.push({ type: "scalar", start, end: this.cursor.pos, value, plain: false });
    } else {
      const { text, end, lineEnded } = scanPlain(this.cursor, this.#indent + 1, this.#flowLevel > 0);
      this.#keyAllowed = lineEnded;
      this.#queue.push({ type: "scalar", start, end, value: text, plain: true });
    }
  }

  #fetchEnd(): void {
    this.#unwindIndent(-1);
    this.#keys.forget(this.#flowLevel);
    this.#add("end of the file");
    this.#ended = true;
  }

  #skipToToken(): void {
    for (;;) {
      this.cursor.skipBlanks();
      if (this.cursor.code() === 35) this.cursor.skipToLineEnd();
      if (this.cursor.lineBreak() === "") return;
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  #unwindIndent(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#indent = this.#indents.pop() ?? -1;
      this.#add("block end");
    }
  }

  #addIndent(column: number): boolean {
    if (this.#indent >= column) return false;
    this.#indents.push(this.#indent);
    this.#indent = column;
    return true;
  }

  #rememberKey(): void {
    if (!this.#keyAllowed) return;
    const { pos: start, lineStart, column } = this.cursor;
    const tokenNumber = this.#taken + this.#queue.length - this.#head;
    const required = this.#flowLevel === 0 && this.#indent === column;
    this.#keys.add({ level: this.#flowLevel, tokenNumber, start, lineStart, required });
  }
}
