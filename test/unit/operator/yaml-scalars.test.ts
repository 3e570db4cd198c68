import { describe, expect, it } from "vitest";
import { failure, read, readPlain } from "./yaml-reading.ts";

describe("a plain scalar", () => {
  it.each<[string, unknown]>([
    ["yes", true],
    ["Off", false],
    ["y", "y"],
    ["N", "N"],
    ["~", null],
    ["", null],
    ["Null", null],
    ["12", 12n],
    ["0777", 511n],
    ["0o17", "0o17"],
    ["08", "08"],
    ["0b101", 5n],
    ["-0x1F", -31n],
    ["1_000", 1000n],
    ["12:30:45", 45045n],
    ["1180591620717411303424", 1180591620717411303424n],
    ["1.10", 1.1],
    ["1e3", "1e3"],
    ["1.0e+3", 1000],
    ["1:30.5", 90.5],
    [".5", 0.5],
    ["-.inf", Number.NEGATIVE_INFINITY],
    [".nan", Number.NaN],
    ["2019-01-02", { time: "2019-01-02" }],
    ["2019-1-2", "2019-1-2"],
    ["2019-1-2 3:04:05.5", { time: "2019-01-02 03:04:05.500000" }],
    ["2019-01-02T03:04:05Z", { time: "2019-01-02 03:04:05+00:00" }],
    ["2019-01-02 03:04:05 -01:30", { time: "2019-01-02 03:04:05-01:30" }],
    ["a:b", "a:b"],
    ["a#b", "a#b"],
    ["several words", "several words"],
  ])("%s is read as PyYAML reads it", (text, value) => {
    expect(readPlain(text)).toEqual(value);
  });

  it.each([
    "2019-02-30",
    "2019-13-01",
    "0000-01-01",
    "2019-01-02 24:00:00",
    "2019-01-02 03:04:05+24:00",
    "0b_",
    `1${"0".repeat(4300)}`,
    "=",
    "<<",
  ])("%s is refused", (text) => {
    expect(failure(text)).toMatch(/^line 1, column 1: /);
  });
});

describe("a tag", () => {
  it.each<[string, unknown]>([
    ["!!str 12", "12"],
    ["!!int '12'", 12n],
    ["!!float 1e3", 1000],
    ["!!float infinity", Number.POSITIVE_INFINITY],
    ["!!bool YES", true],
    ["!!null x", null],
    ["! 12", 12n],
    ["!<tag:yaml.org,2002:str> 12", "12"],
    ["%TAG !y! tag:yaml.org,2002:\n---\n!y!str 12", "12"],
    ["!!binary YWJj", { bytes: "616263" }],
    ['!!binary "YW Jj\\nYQ=="', { bytes: "61626361" }],
    ["!!timestamp 2019-01-02", { time: "2019-01-02" }],
    [
      "!!set {a, b}",
      {
        set: [
          ["a", null],
          ["b", null],
        ],
      },
    ],
    ["!!omap [a: 1]", [{ pair: ["a", 1n] }]],
    ["!!pairs [a: 1, a: 2]", [{ pair: ["a", 1n] }, { pair: ["a", 2n] }]],
    ["!!map {a: 1}", [["a", 1n]]],
    ["!!seq [a]", ["a"]],
  ])("%s is read as PyYAML reads it", (text, value) => {
    expect(readPlain(text)).toEqual(value);
  });

  it.each([
    "!foo x",
    "!!python/name:os.system",
    "!foo [a]",
    "!foo {a: 1}",
    "!x!y z",
    "!!int x",
    '!!int ""',
    "!!float x",
    "!!bool foo",
    "!!timestamp foo",
    "!!binary YWJ",
    "!!binary é",
    "!!omap [{a: 1, b: 2}]",
    "!!str [a]",
    "!<tag:x",
    "!%ff x",
    "!a\tb",
  ])("%s is refused", (text) => {
    expect(failure(text)).toMatch(/^line 1, column /);
  });
});

describe("a quoted scalar", () => {
  it.each<[string, string]>([
    ["'it''s'", "it's"],
    ['"a\\tb\\u00e9\\x41\\U0001F40E\\/\\_"', "a\tbéA🐎/\xa0"],
    ['"one\n\n two\\\n  three"', "one\ntwothree"],
    ["'one  \n   two'", "one two"],
    ['"a\u2028b"', "a\u2028b"],
    ['"a \t b"', "a \t b"],
  ])("%j is read as PyYAML reads it", (text, value) => {
    expect(read(text)).toBe(value);
  });

  it("may continue at a lower indentation", () => {
    expect(readPlain('a:\n  b: "x\ny"\n')).toEqual([["a", [["b", "x y"]]]]);
  });

  it.each(['"a', "'a\n---\nb'", '"\\q"', '"\\x4"', '"\\U00110000"', "'a' b: c"])("%j is refused", (text) => {
    expect(failure(text)).toMatch(/^line /);
  });
});

describe("a block scalar", () => {
  it.each<[string, string]>([
    ["|\n  a\n   b\n\n  c\n", "a\n b\n\nc\n"],
    ["|-\n a\n", "a"],
    ["|+\n a\n\n", "a\n\n"],
    ["|2-\n   a\n", " a"],
    ["|-2 # comment\n   a\n", " a"],
    [">\n a\n b\n\n c\n  d\n e\n", "a b\nc\n d\ne\n"],
    [">\n a\u2028 b\n", "a\u2028b\n"],
    ["|\n \ta\n", "\ta\n"],
    ["|\n", ""],
  ])("%j is read as PyYAML reads it", (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each(["|0\n a", "|x\n a", "|+-\n a", "| a\n", "a: |\n   x\n  y\n"])("%j is refused", (text) => {
    expect(failure(text)).toMatch(/^line /);
  });
});
