import { describe, expect, it } from "vitest";
import {
  Dict,
  dumpYaml,
  PyDate,
  PyDateTime,
  PySet,
  PyTuple,
  type Value,
} from "../../../lib/operator/yaml/index.ts";
import { plain, readPlain } from "./yaml-reading.ts";

function dict(...entries: [Value, Value][]): Dict {
  const value = new Dict();
  for (const [key, entry] of entries) value.set(key, entry);
  return value;
}

describe("dumpYaml", () => {
  it("writes block style with sorted keys, lists no deeper than their key", () => {
    const value = dict(
      ["b", [1n, dict(["z", null], ["x", true])]],
      ["a", dict(["k", []], ["j", new Dict()])],
    );

    expect(dumpYaml(value)).toBe("a:\n  j: {}\n  k: []\nb:\n- 1\n- x: true\n  z: null\n");
  });

  it("keeps the order of keys that have none in Python", () => {
    expect(dumpYaml(dict(["b", 1n], [2n, 1n], ["a", 1n]))).toBe("b: 1\n2: 1\na: 1\n");
  });

  it.each<[Value, string]>([
    ["plain text", "plain text"],
    ["", "''"],
    ["yes", "'yes'"],
    ["1.0", "'1.0'"],
    ["y", "'y'"],
    ["1e3", "'1e3'"],
    ["0o17", "'0o17'"],
    ["it's: so", "'it''s: so'"],
    ["- a", "'- a'"],
    ["a #b", "'a #b'"],
    ["<<", "'<<'"],
    ["é\t🐎", '"\\xE9\\x09\\U0001F40E"'],
    ["a \nb", '"a \\nb"'],
    ["\n", '"\\n"'],
    ["a\nb", "|-\n  a\n  b"],
    ["a\n\nb\n", "|\n  a\n\n  b"],
    ["a\nb\n\n", "|+\n  a\n  b\n"],
    [" a\nb", "|2-\n   a\n  b"],
    [1n, "1"],
    [1, "1.0"],
    [1e20, "1.0e+20"],
    [Number.NaN, ".nan"],
    [Number.POSITIVE_INFINITY, ".inf"],
    [Number.NEGATIVE_INFINITY, "-.inf"],
    [new Uint8Array([97]), '!!binary "YQ=="'],
    [new PyDate(2019, 1, 2), "2019-01-02"],
    [false, "false"],
  ])("case %# is written so that it is read back", (value, text) => {
    expect(dumpYaml(value)).toBe(`${text}\n`);
    expect(readPlain(dumpYaml(value))).toEqual(plain(value));
  });

  it("writes points in time with their zone", () => {
    const fields = { year: 2019, month: 1, day: 2, hour: 3, minute: 4, second: 5, microsecond: 6, zone: -90 };
    const text = dumpYaml(new PyDateTime(fields));

    expect(text).toBe("2019-01-02 03:04:05.000006-01:30\n");
    expect(readPlain(text)).toEqual(plain(new PyDateTime(fields)));
  });

  it("writes sets with their tag and pairs as lists", () => {
    const set = new PySet();
    set.members.set("a", null);

    expect(dumpYaml([set, new PySet(), dict(["k", set])])).toBe(
      "- &id001 !!set\n  a: null\n- !!set {}\n- k: *id001\n",
    );
    expect(dumpYaml([new PyTuple(["a", 1n])])).toBe("- - a\n  - 1\n");
  });

  it("writes a shared collection once, and one that holds itself", () => {
    const shared = [1n];
    const loop: Value[] = [];
    loop.push(loop, []);

    expect(dumpYaml(dict(["a", shared], ["b", shared]))).toBe("a: &id001\n- 1\nb: *id001\n");
    expect(dumpYaml(loop)).toBe("&id001\n- *id001\n- []\n");
    expect(dumpYaml([])).toBe("[]\n");
  });

  it("marks a long key, which else would be none", () => {
    const value = dict(["k".repeat(2000), "v"]);

    expect(dumpYaml(value)).toMatch(/^\? k{2000}\n: v\n$/);
    expect(readPlain(dumpYaml(value))).toEqual(plain(value));
  });

  it("writes any text so that it is read back, in ASCII without tabs and trailing blanks", () => {
    for (const text of arbitraryTexts(3000)) {
      const value = [dict([text, text]), text];
      const dumped = dumpYaml(value);

      expect(dumped).toMatch(/^[\n -~]*$/);
      expect(dumped).not.toMatch(/ \n/);
      expect(readPlain(dumped)).toEqual(plain(value));
    }
  });
});

const PIECES = [
  ..."abcyn019 \n\t:-#?,[]{}&*!|>'\"%@`=<~.+_/\\\0\r\x7f\x85\xa0\u2028\ufeffé🐎",
  ": ",
  " #",
  "\n\n",
  "- ",
  "\ud800",
];

/** The same ones in each run. */
function* arbitraryTexts(count: number): Generator<string> {
  let state = 1;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let index = 0; index < count; index += 1) {
    yield Array.from({ length: next(8) }, () => PIECES[next(PIECES.length)] ?? "").join("");
  }
}
