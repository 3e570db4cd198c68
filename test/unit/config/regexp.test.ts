import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FREE_WORK, MAX_STEPS, WORK_PER_CHARACTER } from "../../../lib/config/regexp/index.ts";
import { generateQuestions } from "./generated-patterns.ts";
import { askPython } from "./python.ts";
import { refusal, replaced } from "./substitution.ts";

describe("a plain rule", () => {
  it.each([
    ["quay.io", "example.com", "quay.io quayXio", "example.com quayXio"],
    ["aa", "b", "aaaaa", "bba"],
    ["a", "$& $1 \\1", "a", "$& $1 \\1"],
    ["a\nb", "c", "a\nb", "c"],
    ["quay.io", "", "quay.io/x", "/x"],
    ["quay.io", "x", "", ""],
  ])("replaces %j by %j as str.replace does", (old, text, before, after) => {
    expect(replaced({ old, new: text, regexp: false }, before)).toBe(after);
  });
});

describe("a regexp rule", () => {
  it.each<[string, string, string, string, string]>([
    ["takes ^ and $ for each line", "^x$", "-", "x\nxx\nx", "-\nxx\n-"],
    ["takes no other line break for one", "^b|a$", "-", "a\rb\u2028b\x85b", "a\rb\u2028b\x85b"],
    ["lets . stop at line feeds only", "a.*", "-", "a\r\u2028\nb", "-\nb"],
    ["fills in groups by number", "(a)(b)", "\\2\\1\\g<0>", "ab", "baab"],
    ["fills in groups by name", "(?P<host>[a-z]+)\\.io", "\\g<host>.com", "quay.io", "quay.com"],
    ["takes a group that took no part for empty", "(a)|b", "[\\1]", "ab", "[a][]"],
    ["keeps the last round of a group", "(?:(a)|b)+", "[\\1]", "abb", "[a]"],
    ["prefers the first alternative, not the longest", "a|ab", "-", "ab", "-b"],
    ["takes as much as it can", "<.+>", "-", "<a><b>", "-"],
    ["takes as little as it can where asked", "<.+?>", "-", "<a><b>", "--"],
    ["counts an empty match behind one that is not", "x*", "-", "abxd", "-a-b--d-"],
    ["counts empty matches at both ends", "\\b", "|", "ab c", "|ab| |c|"],
    ["tries for more after an empty match", "|a", "-", "ab", "---b-"],
    ["takes braces that are no count for text", "a{x}{,2}", "-", "a{x}} a{x a", "- - a"],
    ["takes a count of up to three", "^a{,3}$", "-", "aaa\naaaa", "-\naaaa"],
    ["reads octal escapes", "\\101\\0", "\\060\\101", "A\0", "0A"],
    ["reads hexadecimal escapes", "\\x41\\u00e9\\U0001F600", "-", "Aé😀", "-"],
    ["keeps a backslash before another character", "a", "\\.\\$", "a", "\\.\\$"],
    ["takes $ in the replacement for text", "a", "$& $1", "a", "$& $1"],
    ["takes ] as the first of a class for text", "[]a]+", "-", "]a]b", "-b"],
    ["takes a character beyond U+FFFF for one", "^.$", "-", "😀", "-"],
    ["counts digits of all scripts", "\\d+", "-", "٣1", "-"],
    ["counts letters of all scripts", "\\w+", "-", "éß_漢", "-"],
    ["counts U+001C and U+0085 as blanks, U+FEFF not", "\\s", "-", "\x1c\x85\ufeff", "--\ufeff"],
    ["keeps to ASCII where asked", "(?a)\\w+|\\d", "-", "éa٣", "é-٣"],
    ["ignores case where asked, as Python does", "(?i)k(?-i:s)", "-", "Ks \u212as kS kſ", "- - kS kſ"],
    ["ignores case also of the long s and the dotless i", "(?i)[a-s]+", "-", "ſıİ", "-"],
    ["lets . pass line feeds where asked", "(?s)a.b", "-", "a\nb", "-"],
    ["skips comments", "a(?#why)b", "-", "ab", "-"],
    ["tells \\Z from $", "a\\Z", "-", "a\na", "a\n-"],
  ])("%s", (_, old, text, before, after) => {
    expect(replaced({ old, new: text }, before)).toBe(after);
  });

  const recorded = readFileSync(new URL("recorded-substitutions.jsonl", import.meta.url), "utf8");
  it.each(recorded.trimEnd().split("\n"))("does what Python was seen to do: %s", (line) => {
    const { results, ...rule } = JSON.parse(line);

    for (const [before, after] of results) expect(replaced(rule, before)).toBe(after);
  });
});

describe("a regexp rule is refused", () => {
  it.each<[string, string, string]>([
    ["with a backreference", "(a)\\1", "old: the pattern is not usable: '\\1' refers back to a group"],
    ["with a backreference by name", "(?P<a>a)(?P=a)", "refers back to a group"],
    ["with a look ahead", "a(?=b)", "looks ahead or back"],
    ["with a look back", "(?<!a)b", "looks ahead or back"],
    ["with a condition", "(a)?(?(1)b|c)", "condition"],
    ["with an atomic group", "(?>a)", "is no combination of flags"],
    ["with a possessive count", "a++", "cannot be repeated again"],
    ["with a repetition of a repetition", "a**", "cannot be repeated again"],
    ["with a repetition of what may be empty", "(a*)*", "can match nothing"],
    ["with nothing to repeat", "*a", "nothing before it to repeat"],
    ["with a repeated place", "^*", "cannot be repeated"],
    ["with a lone bracket", "[a", "'[' is not closed"],
    ["with a lone parenthesis", "(a", "'(' is not closed"],
    ["with a closing parenthesis", "a)", "')' has no '('"],
    ["with a range the wrong way round", "[b-a]", "a range"],
    ["with a range to a category", "[a-\\d]", "a range"],
    ["with a count the wrong way round", "a{2,1}", "wrong way round"],
    ["with a count that is too long", "a{1,1234567890}", "more often than can be"],
    ["with an unknown escape", "\\q", "'\\q' is no escape"],
    ["with a named character", "\\N{DIGIT ONE}", "'\\N' is no escape"],
    ["with a lone backslash", "a\\", "lone backslash"],
    ["with an octal escape above \\377", "\\400", "above"],
    ["with hexadecimal digits missing", "\\x4", "2 hexadecimal digits"],
    ["with a group name that is none", "(?P<1a>a)", "cannot have the name"],
    ["with two groups of one name", "(?P<a>a)(?P<a>b)", "two groups"],
    ["with flags behind the start", "a(?i)", "must stand at its start"],
    ["with flags that are not supported", "(?x)a", "'(?x' is not supported"],
    ["with the flag for ASCII in a part", "(?a:\\w)", "for the whole pattern only"],
    ["with flags that contradict", "(?i-i:a)", "no combination"],
    ["with other letters where case is ignored", "(?i)é", "only ASCII"],
    ["with too many steps", `a{${MAX_STEPS}}`, "too large"],
    ["with groups that are nested too deep", `${"(".repeat(101)}a${")".repeat(101)}`, "nested more than 100"],
  ])("%s", (_, pattern, problem) => {
    expect(refusal(pattern)).toContain(problem);
  });

  it.each<[string, string, string]>([
    ["for a group that is not there", "\\1", "new: the replacement is not usable: it names the group 1"],
    ["for a group of another name", "\\g<b>", "the pattern has no group 'b'"],
    ["for a group that is no name", "\\g<-1>", "neither the name nor the number"],
    ["for an open name", "\\g<a", "is not closed"],
    ["for a missing name", "\\ga", "must be followed by '<'"],
    ["for an unknown escape", "\\x41", "'\\x' is no escape"],
    ["for a lone backslash", "a\\", "lone backslash"],
    ["for an octal escape above \\377", "\\777", "above"],
  ])("%s in its replacement", (_, replacement, problem) => {
    expect(refusal("a", replacement)).toContain(problem);
  });

  it("has a limit of steps that it may reach", () => {
    // Three steps are around the characters: two notes and the match.
    expect(refusal(`a{${MAX_STEPS - 3}}`)).toBeUndefined();
    expect(refusal(`a{${MAX_STEPS - 2}}`)).toContain("too large");
  });
});

describe("a hostile text", () => {
  it("is searched in linear time where backtracking would never end", () => {
    const text = "a".repeat(200_000);

    expect(replaced({ old: "(a+)+b", new: "-" }, text)).toBe(text);
    expect(replaced({ old: "(a|aa)+$", new: "-" }, text)).toBe("-");
  });

  it("is given up where each match takes the whole rest of it", () => {
    const text = "a".repeat(FREE_WORK / WORK_PER_CHARACTER);

    expect(() => replaced({ old: "a.*b|a", new: "-" }, text)).toThrow(RangeError);
    expect(replaced({ old: "a.*b|a", new: "-" }, "a".repeat(100))).toBe("-".repeat(100));
  });

  it("is given up where texts before it left too little work, though it alone would not take too much", () => {
    const rule = { old: "a.*b|a", new: "-" };
    const text = "a".repeat(100);
    const unlimited = { left: 1_000_000 };
    replaced(rule, text, unlimited);
    const work = { left: 1.5 * (1_000_000 - unlimited.left) };

    expect(replaced(rule, text, { ...work })).toBe("-".repeat(100));
    expect(replaced(rule, text, work)).toBe("-".repeat(100));
    expect(() => replaced(rule, text, work)).toThrow(RangeError);
  });
});

const questions = generateQuestions(4000, 20);
const answers = askPython(questions);

if (answers) {
  describe("beside the Python of this machine", () => {
    it("generated rules do the same, or are refused", () => {
      const differences = questions.filter((question, index) => {
        const answer = answers[index] ?? null;
        if (refusal(question.old, question.new) !== undefined) return false;
        return answer?.join("\0") !== question.texts.map((text) => replaced(question, text)).join("\0");
      });

      expect(differences).toEqual([]);
    });

    it("few that Python takes are refused", () => {
      const taken = questions.filter((_, index) => answers[index]);
      const refused = taken.filter((question) => refusal(question.old, question.new) !== undefined);

      expect(taken.length).toBeGreaterThan(1000);
      expect(refused.length / taken.length).toBeLessThan(0.2);
    });
  });
}
