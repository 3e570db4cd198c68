import { describe, expect, it } from "vitest";
import {
  loadYaml,
  MAX_ALIASES,
  MAX_DEPTH,
  MAX_MERGED_KEYS,
  MAX_VALUES,
  ValueBudget,
} from "../../../lib/operator/yaml/index.ts";
import { failure, read, readPlain } from "./yaml-reading.ts";

describe("collections", () => {
  it.each<[string, unknown]>([
    [
      "a:\n- 1\n- - 2\n  -\nb:\n",
      [
        ["a", [1n, [2n, null]]],
        ["b", null],
      ],
    ],
    [
      "? a\n: b\n? c\n",
      [
        ["a", "b"],
        ["c", null],
      ],
    ],
    [
      "[a, b: c, ? d, ? e : f, {g, h: , ? i}, ]",
      [
        "a",
        [["b", "c"]],
        [["d", null]],
        [["e", "f"]],
        [
          ["g", null],
          ["h", null],
          ["i", null],
        ],
      ],
    ],
    [
      '{"a":1, b:c: 2}',
      [
        ["a", 1n],
        ["b:c", 2n],
      ],
    ],
    ["a: [\n1,\n2\n]\n", [["a", [1n, 2n]]]],
    ["a: 1\na: 2\n", [["a", 2n]]],
    [
      "1: a\n1.0: b\ntrue: c\n'1': d\n",
      [
        [1n, "c"],
        ["1", "d"],
      ],
    ],
    [
      "~: a\n2019-01-02: b\n!!binary YQ==: c\n2019-01-02 00:00:00: d\n1.5: e\n",
      [
        [null, "a"],
        [{ time: "2019-01-02" }, "b"],
        [{ bytes: "61" }, "c"],
        [{ time: "2019-01-02 00:00:00" }, "d"],
        [1.5, "e"],
      ],
    ],
    [
      '"\\0bytes:61": a\n!!binary YQ==: b\n',
      [
        ["\0bytes:61", "a"],
        [{ bytes: "61" }, "b"],
      ],
    ],
    ["=: a", [["=", "a"]]],
    ["__proto__: a", [["__proto__", "a"]]],
    ["# nothing", null],
  ])("%j are read as PyYAML reads them", (text, value) => {
    expect(readPlain(text)).toEqual(value);
  });

  it.each([
    ": a",
    "? [a]\n: b",
    "{{a: 1}: 2}",
    "a: - b",
    "a: b: c",
    "a: 1\n b: 2",
    "a:\n  b: 1\n c: 2",
    "- a\nb: c",
    "[a, , b]",
    "[a b: c",
    "[a}",
    "]",
    "{a\n: 1}",
    "[http://x?y=z]",
    `${"k".repeat(1025)}: 1`,
    "'multi\n line': 1",
    "a: @b",
    "a: `b`",
    "- !!str\n  =\n- =",
    "a: 1\nb\n",
    "k: {a: 1}, b",
    "? ? - x",
  ])("%j are refused", (text) => {
    expect(failure(text)).toMatch(/^line \d+, column \d+: /);
  });
});

describe("anchors, aliases and merges", () => {
  it.each<[string, unknown]>([
    [
      "a: &x [1]\nb: *x\n",
      [
        ["a", [1n]],
        ["b", [1n]],
      ],
    ],
    [
      "a: &x\nb: *x\n",
      [
        ["a", null],
        ["b", null],
      ],
    ],
    [
      "a: &x !!str 1\nb: !!str &y 2\nc: [*x, *y]",
      [
        ["a", "1"],
        ["b", "2"],
        ["c", ["1", "2"]],
      ],
    ],
    [
      "a: 1\n<<: {a: 2, b: 3}\n",
      [
        ["a", 1n],
        ["b", 3n],
      ],
    ],
    [
      "<<: [{a: 1}, {a: 2, b: 3}]\n",
      [
        ["a", 1n],
        ["b", 3n],
      ],
    ],
    ["<<: {a: 1}\n<<: {a: 2}\n", [["a", 2n]]],
    ["<<: !!set {a}\n", [["a", null]]],
    ["!!merge x: {a: 1}\n", [["a", 1n]]],
    ["'<<': 1\n", [["<<", 1n]]],
  ])("%j are read as PyYAML reads them", (text, value) => {
    expect(readPlain(text)).toEqual(value);
  });

  it("may make a value that holds itself", () => {
    const value = read("&a [*a]");

    expect(Array.isArray(value) && value[0]).toBe(value);
  });

  it.each(["*a", "host: *.example.com", "&a x: &a y", "<<: 1", "<<: [1]", "a: <<", "[<<]", "&a.b c", "& a"])(
    "%j are refused",
    (text) => {
      expect(failure(text)).toMatch(/^line 1, column /);
    },
  );
});

describe("a document", () => {
  it.each([
    "---\na\n",
    "%YAML 1.2\n--- a\n",
    "%FOO bar\n---\na",
    "a\n...\n",
    "\ufeffa",
    "a\n...\n...\n",
    "a\r\n",
  ])("%j is read", (text) => {
    expect(read(text)).toBe("a");
  });

  it("reads CR, NEL and CRLF as line breaks", () => {
    expect(readPlain("a: |\r\n  x\r  y\x85b: 1")).toEqual([
      ["a", "x\ny\n"],
      ["b", 1n],
    ]);
  });

  it("is null when there is nothing in it", () => {
    expect(read("")).toBeNull();
    expect(read("---\n")).toBeNull();
    expect(read("--- # only a comment\n...\n")).toBeNull();
  });

  it.each([
    "a: 1\n---\nb: 2\n",
    "a: 1\n---\n",
    "a: 1\n...\nb: 2\n",
    "%YAML 2.0\n---\na",
    "%YAML 1.1\n%YAML 1.1\n---\na",
    "%YAML x\n---\na",
    "%TAG ! x\n%TAG ! x\n---\na",
    "%TAG x\n---\na",
    "%YAML 1.1\na",
    "% x\n---\n",
    "...",
  ])("%j is refused", (text) => {
    expect(failure(text)).toMatch(/^line \d+, column \d+: /);
  });

  it.each(["a:\tb", "a: b\t", "\ta: b", "a: b\tc", "- a\n\t\n- b", "[a,\tb]", "a: b\t# c"])(
    "with a tab in the wrong place is refused: %j",
    (text) => {
      expect(failure(text)).toContain("use blanks instead of tabs");
    },
  );

  it("is refused with the place of a control character", () => {
    expect(failure("a: 1\nb: \x07")).toBe(
      "line 2, column 4: the control character U+0007 is not allowed, remove it",
    );
    expect(failure("# \x7f")).toContain("U+007F");
    expect(failure("a\ufffe")).toContain("U+FFFE");
  });

  it("is refused with the place of a byte that is not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from("a: \ufffd\nb: "), Buffer.from([0xe9, 0x0a])]);

    expect(failure(bytes)).toBe(
      "line 2, column 4: expected UTF-8, but found the byte 0xe9, save the file as UTF-8",
    );
    expect(failure(Buffer.from([0xff, 0xfe, 0x61, 0x00]))).toContain("line 1, column 1");
    expect(failure(Buffer.concat([Buffer.from("\ufffd".repeat(100_000)), Buffer.from([0xe9])]))).toContain(
      "line 1, column 100001",
    );
  });

  it("is refused with the start of a name that is long", () => {
    for (const text of ["a: *", "a: !", "a: !!", "a: !x!"]) {
      expect(failure(text + "n".repeat(100_000)).length).toBeLessThan(600);
    }
  });
});

describe("limits", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

  it("allow collections as deep as the limit", () => {
    expect(read(nested(MAX_DEPTH))).toHaveLength(1);
    expect(failure(nested(MAX_DEPTH + 1))).toContain(`nested more than ${MAX_DEPTH} deep`);
    expect(failure("[".repeat(1_000_000))).toContain(`nested more than ${MAX_DEPTH} deep`);
    expect(failure("- ".repeat(100_000))).toContain(`nested more than ${MAX_DEPTH} deep`);
  });

  it("count what is behind an alias as deep as if it stood there", () => {
    const half = (alias: string) => `${"[".repeat(MAX_DEPTH / 2)}${alias}${"]".repeat(MAX_DEPTH / 2)}`;

    expect(() => read(`&a ${half("")}`)).not.toThrow();
    expect(() => read(`[&a ${nested(MAX_DEPTH - 1)}, *a]`)).not.toThrow();
    expect(failure(`[&a ${half("")}, ${half("*a")}]`)).toContain(`nested more than ${MAX_DEPTH} deep`);
  });

  it("allow as many aliases as the limit", () => {
    const aliases = (count: number) => `- &a x\n${"- *a\n".repeat(count)}`;

    expect(read(aliases(MAX_ALIASES))).toHaveLength(MAX_ALIASES + 1);
    expect(failure(aliases(MAX_ALIASES + 1))).toContain(`more than ${MAX_ALIASES} aliases`);
  });

  it("count what is behind an alias as often as it stands there", () => {
    const bomb = (levels: number) =>
      Array.from(
        { length: levels },
        (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]\n`,
      );
    // 1 document, 1 list, its items, then aliases of the list: each is the list and its items again.
    const aliases = (items: number, count: number) =>
      `- &a [${"x,".repeat(items)}]\n${"- *a\n".repeat(count)}`;

    expect(failure(`a0: &a0 [x]\n${bomb(8).join("")}`)).toContain(`more than ${MAX_VALUES} values`);
    expect(() => read(aliases(MAX_VALUES / 100 - 1, 98))).not.toThrow();
    expect(failure(aliases(MAX_VALUES / 100 - 1, 99))).toContain(`more than ${MAX_VALUES} values`);
  });

  it("allow as many values as the limit, in all files together", () => {
    const list = (items: number) => Buffer.from(`[${"{},".repeat(items)}]`);
    const budget = new ValueBudget();

    expect(loadYaml(list(MAX_VALUES - 11), budget)).toHaveLength(MAX_VALUES - 11);
    expect(loadYaml(list(9), budget)).toHaveLength(9);
    expect(() => loadYaml(list(0), budget)).toThrow(`more than ${MAX_VALUES} values`);
    expect(failure(list(MAX_VALUES))).toContain(`more than ${MAX_VALUES} values`);
  });

  it("allow as many merged keys as the limit", () => {
    const keys = Array.from({ length: MAX_MERGED_KEYS / 10 }, (_, i) => `k${i}: 1`).join(", ");
    const merges = (count: number) => `- &a {${keys}}\n${"- <<: *a\n".repeat(count)}`;

    expect(read(merges(10))).toHaveLength(11);
    expect(failure(merges(11))).toContain(`more than ${MAX_MERGED_KEYS} keys`);
    expect(failure(`- &a {${keys}}\n- <<: [${"*a,".repeat(11)}]`)).toContain(
      `more than ${MAX_MERGED_KEYS} keys`,
    );
  });

  it("let an honest large file pass", () => {
    const entries = Array.from(
      { length: 20_000 },
      (_, i) => `key${i}:\n  - name: value ${i}\n    other: "x"\n`,
    );

    expect(readPlain(entries.join(""))).toHaveLength(20_000);
  });
});
