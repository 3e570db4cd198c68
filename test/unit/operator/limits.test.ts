import { describe, expect, it } from "vitest";
import { Field, MAX_ITEMS, MAX_SEARCHED_TEXT } from "../../../lib/operator/field.ts";
import { Findings, MAX_COMPARISONS, MAX_FINDINGS_LENGTH } from "../../../lib/operator/findings.ts";
import { equal, MAX_COMPARED, MAX_PRINTED, str } from "../../../lib/operator/python.ts";

const field = new Field("a.yaml", null);

describe("the work on one package has limits", () => {
  it(`takes findings of ${MAX_FINDINGS_LENGTH} characters in all, and no more`, () => {
    const findings = new Findings();
    findings.error(field, "e".repeat(MAX_FINDINGS_LENGTH - 1));
    findings.warn(field, "w");

    expect(findings.all).toHaveLength(2);
    expect(() => findings.warn(field, "w")).toThrow("more findings than can be shown");
  });

  it(`compares ${MAX_COMPARISONS} names, and no more`, () => {
    const findings = new Findings();
    findings.compares(MAX_COMPARISONS);

    expect(() => findings.compares(1)).toThrow("too many names to compare");
  });

  it(`looks at ${MAX_ITEMS} items of a list, and no more`, () => {
    const list = Array.from({ length: MAX_ITEMS }, () => null);

    expect(new Field("a.yaml", list).items()).toHaveLength(MAX_ITEMS);
    expect(() => new Field("a.yaml", [...list, null]).items()).toThrow(`at most ${MAX_ITEMS} items`);
  });

  it(`looks for keys in texts of ${MAX_SEARCHED_TEXT} characters, and no longer ones`, () => {
    expect(new Field("a.yaml", `${"x".repeat(MAX_SEARCHED_TEXT - 1)}k`).has("k")).toBe(true);
    expect(() => new Field("a.yaml", `${"x".repeat(MAX_SEARCHED_TEXT)}k`).has("k")).toThrow(
      "must be a mapping",
    );
  });

  it(`prints values of ${MAX_PRINTED} characters, and no more`, () => {
    const printed = (characters: number) => str(Buffer.alloc(characters - "b''".length, "x"));

    expect(printed(MAX_PRINTED)).toHaveLength(MAX_PRINTED);
    expect(() => printed(MAX_PRINTED + 1)).toThrow(RangeError);
  });

  it(`compares values of ${MAX_COMPARED} parts, and no more`, () => {
    const list = (items: number) => Array.from({ length: items }, () => [1n]);
    const parts = (items: number) => 1 + items;

    const most = MAX_COMPARED - parts(0);
    expect(equal(list(most), list(most))).toBe(true);
    expect(() => equal(list(most + 1), list(most + 1))).toThrow(RangeError);
  });
});
