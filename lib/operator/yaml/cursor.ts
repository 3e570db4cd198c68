/** A YAML text that PyYAML would not read, with the place (both from 1) where reading stopped. */
export class YamlError extends Error {
  readonly reason: string;
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`);
    this.name = "YamlError";
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}

export const LINE_SEPARATOR = 0x2028;
export const PARAGRAPH_SEPARATOR = 0x2029;

/** A line break of YAML 1.1. CR and NEL are gone by now: decoding made them line feeds. */
export function isBreak(code: number): boolean {
  return code === 10 || code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR;
}

/** Blank, tab, line break or the end: the only characters up to U+0020 that decoding lets through. */
export function isSpaceOrEnd(code: number): boolean {
  return code <= 32 || code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR;
}

/** A character as a message shows it. */
export function show(code: number): string {
  return code === 0 ? "the end of the file" : JSON.stringify(String.fromCodePoint(code));
}

/** Characters of a reason: names of tags and anchors in it can be as long as the file. */
const MAX_REASON = 500;

/** A place in a decoded text (see `decodeYaml`): reads ahead, steps over line breaks, reports errors. */
export class Cursor {
  /** The text and one NUL, which a decoded text cannot contain, so that 0 means the end. */
  readonly text: string;
  pos = 0;
  lineStart = 0;

  constructor(decoded: string) {
    this.text = `${decoded}\0`;
    if (decoded.charCodeAt(0) === 0xfeff) {
      this.pos = 1;
      this.lineStart = 1;
    }
  }

  get column(): number {
    return this.pos - this.lineStart;
  }

  code(offset = 0): number {
    return this.text.charCodeAt(this.pos + offset);
  }

  skipBlanks(): void {
    while (this.text.charCodeAt(this.pos) === 32) this.pos += 1;
  }

  /** Steps over one line break and gives what PyYAML reads there, or "" where there is none. */
  lineBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return "";
    this.pos += 1;
    this.lineStart = this.pos;
    return code === 10 ? "\n" : String.fromCharCode(code);
  }

  skipToLineEnd(): void {
    while (this.code() !== 0 && !isBreak(this.code())) this.pos += 1;
  }

  /** Steps over blanks, a comment and the line break; anything else is an error. */
  skipRestOfLine(context: string): void {
    this.skipBlanks();
    if (this.code() === 35) this.skipToLineEnd();
    const code = this.code();
    if (code !== 0 && !isBreak(code)) {
      this.fail(`expected a comment or the end of the line after ${context}, but found ${show(code)}`);
    }
    this.lineBreak();
  }

  /** Whether `---` or `...` stands here, with a space, break or the end behind it. */
  atDocumentMarker(): boolean {
    const code = this.code();
    if (code !== 45 && code !== 46) return false;
    return code === this.code(1) && code === this.code(2) && isSpaceOrEnd(this.code(3));
  }

  fail(reason: string, position: number = this.pos): never {
    const lines = this.text.slice(0, position).split(/[\n\u2028\u2029]/);
    const shown = reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason;
    throw new YamlError(shown, lines.length, (lines.at(-1)?.length ?? 0) + 1);
  }
}
