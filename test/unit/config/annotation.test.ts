import { describe, expect, it } from "vitest";
import { FormatError, MAX_WIDTH, parseFormat } from "../../../lib/config/annotation.ts";

const NAME = "etcd";

describe("the value of a CSV annotation", () => {
  // Recorded from Python 3.8: value.format(package_name="etcd").
  it.each([
    ["", ""],
    ["fixed: value", "fixed: value"],
    ["{package_name}", "etcd"],
    ["a.{package_name}/{package_name}", "a.etcd/etcd"],
    ["{{package_name}}", "{package_name}"],
    ["{{{package_name}}}", "{etcd}"],
    ["{package_name!r} {package_name!s} {package_name!a}", "'etcd' etcd 'etcd'"],
    ["{package_name:s}", "etcd"],
    ["{package_name:8}|", "etcd    |"],
    ["{package_name:>8}|", "    etcd|"],
    ["{package_name:*^9}|", "**etcd***|"],
    ["{package_name:é<6}|", "etcdéé|"],
    ["{package_name:😀>6}|", "😀😀etcd|"],
    ["{package_name:<08}|", "etcd0000|"],
    ["{package_name:.2}", "et"],
    ["{package_name:>6.2s}|", "    et|"],
    ["{package_name!r:>8}|", "  'etcd'|"],
    ["{package_name:}", "etcd"],
    ["{package_name:2}", "etcd"],
    ["{package_name:\n<6}|", "etcd\n\n|"],
  ])("%j is %j", (value, formatted) => {
    expect(parseFormat(value)(NAME)).toBe(formatted);
  });

  it.each([
    ["it's", '"it\'s"'],
    ['it\'s "it"', "'it\\'s \"it\"'"],
    ["a\\b\n\t\x01", "'a\\\\b\\n\\t\\x01'"],
    ["é", "'é'"],
    ["\u2028\u{e0001}", "'\\u2028\\U000e0001'"],
  ])("shows the name %j as Python's repr with !r", (name, shown) => {
    expect(parseFormat("{package_name!r}")(name)).toBe(shown);
  });

  it("shows a name in ASCII with !a", () => {
    expect(parseFormat("{package_name!a}")("é😀\x7f")).toBe("'\\xe9\\U0001f600\\x7f'");
  });

  it.each([
    ["{other}", "has the field '{other}'"],
    ["{}", "has the field '{}'"],
    ["{0}", "has the field '{0}'"],
    ["{package_name.upper}", "only {package_name} is known"],
    ["{package_name[0]}", "only {package_name} is known"],
    ["{ package_name}", "only {package_name} is known"],
    ["{package_name!x}", "only {package_name} is known"],
    ["{package_name", "single '{' or '}'"],
    ["package_name}", "single '{' or '}'"],
    ["{{package_name}", "single '{' or '}'"],
    ["{package_name:{package_name}}", "field inside a field"],
    ["{package_name:d}", "has the format ':d'"],
    ["{package_name:=8}", "has the format ':=8'"],
    ["{package_name:08}", "has the format ':08'"],
    ["{package_name:+}", "has the format ':+'"],
    ["{package_name:#}", "has the format ':#'"],
    ["{package_name:,}", "has the format ':,'"],
    ["{package_name:.}", "has the format ':.'"],
    [`{package_name:${MAX_WIDTH + 1}}`, "more than 10000"],
  ])("%j is refused", (value, problem) => {
    expect(() => parseFormat(value)).toThrow(FormatError);
    expect(() => parseFormat(value)).toThrow(problem);
  });

  it("may be as wide as the limit", () => {
    expect(parseFormat(`{package_name:${MAX_WIDTH}}`)(NAME)).toHaveLength(MAX_WIDTH);
  });
});
