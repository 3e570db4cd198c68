import { expect, it } from "vitest";
import { marked } from "../../../web/safe-text.ts";

it.each<[string, string, string[]]>([
  ["an override of the direction", "a\u202egnp", ["a", "<U+202E>", "gnp"]],
  ["an isolate that is not closed", "\u2067a", ["<U+2067>", "a"]],
  ["zero-width characters", "a\u200bb\ufeff", ["a", "<U+200B>", "b", "<U+FEFF>"]],
  ["control characters", "a\u0000\u001b[1m\u0085", ["a", "<U+0000>", "<U+001B>", "[1m", "<U+0085>"]],
  ["tags", "\u{e0041}", ["<U+E0041>"]],
  ["the filler of Hangul", "a\u3164", ["a", "<U+3164>"]],
])("shows %s by its name", (_, text, expected) => {
  expect(marked(text).map((piece) => (piece.hidden ? `<${piece.text}>` : piece.text))).toEqual(expected);
});

it.each(["", "plain, \t tabbed\nlines", "שלום", "\u2764\ufe0f", "e\u0301"])(
  "leaves what can be seen as it is: %j",
  (text) => {
    expect(marked(text)).toEqual(text === "" ? [] : [{ text, hidden: false }]);
  },
);

it("takes the ends of lines of all systems for the same", () => {
  expect(marked("a\r\nb")).toEqual([{ text: "a\nb", hidden: false }]);
});
