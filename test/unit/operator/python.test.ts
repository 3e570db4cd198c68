import { describe, expect, it } from "vitest";
import { isJson } from "../../../lib/operator/json.ts";
import { describe as describeValue, equal, isTruthy, str } from "../../../lib/operator/python.ts";
import { Dict, loadYaml, PySet, type Value } from "../../../lib/operator/yaml/index.ts";

const read = (text: string) => loadYaml(Buffer.from(text));

describe("str", () => {
  it.each([
    ["a text", "a text"],
    ["~", "None"],
    ["yes", "True"],
    ["12", "12"],
    ["1.10", "1.1"],
    ["1.0", "1.0"],
    ["1.0e+16", "1e+16"],
    ["123456789012345.0", "123456789012345.0"],
    ["0.0001", "0.0001"],
    ["0.00001", "1e-05"],
    ["1.5e-7", "1.5e-07"],
    ["!!float 1e-7", "1e-07"],
    ["-0.0", "-0.0"],
    [".nan", "nan"],
    ["-.inf", "-inf"],
    ["2019-01-02", "2019-01-02"],
    ["2019-01-02 03:04:05", "2019-01-02 03:04:05"],
    ["[a, 1, [], {b: ~}, 2019-01-02]", "['a', 1, [], {'b': None}, datetime.date(2019, 1, 2)]"],
    [
      "[2019-01-02 03:04:00, 2019-01-02 03:04:05.5]",
      "[datetime.datetime(2019, 1, 2, 3, 4), datetime.datetime(2019, 1, 2, 3, 4, 5, 500000)]",
    ],
    ["[2019-01-02 03:04:00Z]", "[datetime.datetime(2019, 1, 2, 3, 4, tzinfo=datetime.timezone.utc)]"],
    [
      "[2019-01-02 03:04:00-01:30]",
      "[datetime.datetime(2019, 1, 2, 3, 4, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=81000)))]",
    ],
    [
      '["it\'s", "\\"", "\'\\"", "\\n\\\\\\u00e9\\u200b\\x07\\U0001F40E\\U000E0001 "]',
      "[\"it's\", '\"', '\\'\"', '\\n\\\\é\\u200b\\x07🐎\\U000e0001 ']",
    ],
    ["!!binary AGFiY/8nXA==", 'b"\\x00abc\\xff\'\\\\"'],
    ["!!set {a, b}", "{'a', 'b'}"],
    ["!!set {}", "set()"],
    ["!!pairs [a: 1]", "[('a', 1)]"],
    ["&a [*a]", "[[...]]"],
    ["&a {b: *a}", "{'b': {...}}"],
  ])("of %s is %s", (text, printed) => {
    expect(str(read(text))).toBe(printed);
  });

  it("gives up on a value of megabytes", () => {
    const bomb = read(
      `- &a0 [${"l".repeat(200)}]\n${Array.from({ length: 13 }, (_, i) => `- &a${i + 1} [*a${i}, *a${i}]\n`).join("")}`,
    );

    expect(() => str(bomb)).toThrow(RangeError);
  });
});

describe("equal", () => {
  it.each([
    ["[1, 1.0]", true],
    ["[1, yes]", true],
    ["[0, off]", true],
    ["[1, '1']", false],
    ["[1.5, 1.5]", true],
    [".nan", false],
    ["[[1, {a: b}], [1.0, {a: b}]]", true],
    ["[[1], [1, 2]]", false],
    ["[{a: 1, b: 2}, {b: 2, a: 1}]", true],
    ["[{a: 1}, {b: 1}]", false],
    ["[{a: 1}, {a: 1, b: 1}]", false],
    ["[!!set {a, b}, !!set {b, a}]", true],
    ["[!!set {a}, {a: ~}]", false],
    ["[!!binary YQ==, !!binary YQ==]", true],
    ["[!!binary YQ==, a]", false],
    ["[2019-01-02, 2019-01-02]", true],
    ["[2019-01-02 01:00:00+01:00, 2019-01-02 00:00:00Z]", true],
    ["[2019-01-02 00:00:00, 2019-01-02 00:00:00Z]", false],
    ["[2019-01-02, 2019-01-02 00:00:00]", false],
    ["[!!pairs [a: 1], !!pairs [a: 1]]", true],
    ["[~, ~]", true],
    ["[~, no]", false],
  ])("of the two items of %s is %s", (text, same) => {
    const [a = null, b = Number.NaN] = [read(text)].flat() as Value[];

    expect(equal(a, b)).toBe(same);
  });

  it("gives up on values without end", () => {
    expect(() => equal(read("&a [*a]"), read("&a [*a]"))).toThrow(RangeError);
  });
});

describe("isTruthy", () => {
  it.each(["~", "no", "0", "0.0", "''", "[]", "{}", "!!set {}", '!!binary ""'])("is false for %s", (text) => {
    expect(isTruthy(read(text))).toBe(false);
  });

  it.each(["yes", "1", "0.1", "a", "[~]", "{a: 1}", "!!set {a}", "!!binary YQ==", "2019-01-02"])(
    "is true for %s",
    (text) => {
      expect(isTruthy(read(text))).toBe(true);
    },
  );
});

describe("describe", () => {
  it.each<[Value, string]>([
    [null, "null"],
    [true, "the boolean true"],
    [1n, "the number 1"],
    [1.5, "the number 1.5"],
    ["a", 'the text "a"'],
    ["a".repeat(70), `the text "${"a".repeat(60)}…"`],
    [[], "an empty list"],
    [[1n], "a list"],
    [new Dict(), "an empty mapping"],
    [new PySet(), "a set"],
    [new Uint8Array(), "binary data"],
  ])("case %#", (value, words) => {
    expect(describeValue(value)).toBe(words);
  });
});

describe("isJson", () => {
  it.each([
    "[]",
    " \t\r\n1 ",
    "NaN",
    '{"a": -Infinity, "a": Infinity}',
    '["NaN", "\\ud800"]',
    "1E400",
    '"\u2028"',
    '"\x7f"',
  ])("accepts %j", (text) => {
    expect(isJson(text)).toBe(true);
  });

  it.each([
    "",
    "[1,]",
    "-NaN",
    "nan",
    "+1",
    "01",
    "\ufeff[]",
    '"\x01"',
    "'a'",
    "[1] x",
    "\xa0[]",
    "1NaN",
    "[NaN}",
  ])("does not accept %j", (text) => {
    expect(isJson(text)).toBe(false);
  });

  it.each<Value>([null, true, 1n, [], new Dict()])("does not accept what is no text, case %#", (value) => {
    expect(isJson(value)).toBe(false);
  });

  it("accepts bytes of UTF-8, UTF-16 and UTF-32", () => {
    const utf16 = Buffer.from("[1]", "utf16le");
    const utf32 = Buffer.concat(
      [..."[1]"].map((character) => Buffer.from([character.charCodeAt(0), 0, 0, 0])),
    );

    expect(isJson(Buffer.from("[1]"))).toBe(true);
    expect(isJson(Buffer.from("\ufeff[1]"))).toBe(true);
    expect(isJson(utf16)).toBe(true);
    expect(isJson(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]))).toBe(true);
    expect(isJson(Buffer.from(utf16).swap16())).toBe(true);
    expect(isJson(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]))).toBe(true);
    expect(isJson(utf32)).toBe(true);
    expect(isJson(Buffer.from(utf32).swap32())).toBe(true);
    expect(isJson(Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), utf32]))).toBe(true);
    expect(isJson(Buffer.concat([Buffer.from([0, 0, 0xfe, 0xff]), Buffer.from(utf32).swap32()]))).toBe(true);
    expect(isJson(Buffer.from("1\0", "latin1"))).toBe(true);
    expect(isJson(Buffer.from("\x001", "latin1"))).toBe(true);
    expect(isJson(utf32.subarray(0, 11))).toBe(false);
    expect(isJson(Buffer.from([0x22, 0xff, 0x22]))).toBe(false);
  });

  it("refuses texts that do not end, however long", () => {
    expect(isJson(`[NaN, "${'\\"'.repeat(200_000)}`)).toBe(false);
    expect(isJson(`[NaN, "a\\`)).toBe(false);
    expect(isJson(`[NaN, "${"\\n".repeat(1000)}"]`)).toBe(true);
    expect(isJson('[NaN, "NaN", -Infinity]')).toBe(true);
  });
});
