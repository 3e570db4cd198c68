/** A change of a text; the places are indexes in the text with "\n" at the ends of its lines. */
export interface Change {
  readonly start: number;
  readonly end: number;
  /** With "\n" at the ends of its lines. */
  readonly text: string;
}

/** Pieces that are joined at a time: millions of small ones take many times the memory of their text. */
const PIECES_AT_ONCE = 4096;

/** The text with "\n" at the ends of its lines, as Python reads files. */
export function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/**
 * Makes changes, and leaves all else as it is. New lines end like the first line of the text.
 *
 * @param changes in the order of their places
 * @param most the characters that the result may have
 * @throws RangeError beyond that
 */
export function splice(text: string, changes: Iterable<Change>, most = Number.POSITIVE_INFINITY): string {
  const [lineBreak = "\n"] = /\r\n?|\n/.exec(text) ?? [];
  const places = new Places(text);
  const result = new TextBuilder(most);
  let from = 0;
  for (const change of changes) {
    result.add(text.slice(from, places.find(change.start)));
    result.add(lineBreak === "\n" ? change.text : change.text.replaceAll("\n", lineBreak));
    from = places.find(change.end);
  }
  if (from === 0 && result.isEmpty) return text;
  result.add(text.slice(from));
  return result.text();
}

/** Translates places into those of the text as it is, one after the other: each CRLF was one character. */
class Places {
  readonly #text: string;
  #passed = 0;
  #next: number;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.indexOf("\r\n");
  }

  find(place: number): number {
    while (this.#next >= 0 && this.#next - this.#passed < place) {
      this.#passed += 1;
      this.#next = this.#text.indexOf("\r\n", this.#next + 2);
    }
    return place + this.#passed;
  }
}

class TextBuilder {
  readonly #parts: string[] = [];
  #pieces: string[] = [];
  #room: number;

  constructor(most: number) {
    this.#room = most;
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0 && this.#pieces.length === 0;
  }

  add(piece: string): void {
    this.#room -= piece.length;
    if (this.#room < 0) throw new RangeError("the text gets too large");
    this.#pieces.push(piece);
    if (this.#pieces.length < PIECES_AT_ONCE) return;
    this.#parts.push(this.#pieces.join(""));
    this.#pieces = [];
  }

  text(): string {
    return this.#parts.join("") + this.#pieces.join("");
  }
}
