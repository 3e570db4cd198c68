import { describe, expect, it } from "vitest";
import { compileReplacement } from "../../../../lib/config/replacement.ts";
import { PackageValidationError } from "../../../../lib/errors/index.ts";
import {
  MAX_REPLACED_LENGTH,
  MAX_REPLACEMENT_WORK,
  type Replacement,
  replaceRegistry,
} from "../../../../lib/operator/edit/index.ts";
import { Manifests } from "../../../../lib/operator/index.ts";
import { filesOf } from "../package-builder.ts";

const plain = (old: string, text: string) => compileReplacement({ old, new: text, regexp: false });
const regexp = (old: string, text: string) => compileReplacement({ old, new: text, regexp: true });
const QUAY = [plain("quay.io", "example.com")];

function afterRules(text: string, ...rules: Replacement[]): string {
  return replaceRegistry(new Manifests(filesOf({ "a.yaml": text })), rules).text("a.yaml");
}

describe("registries", () => {
  it("are replaced in YAML files in any case at any depth, and in no other file", () => {
    const yaml = ["a.yaml", "1.0/b.yml", "1.0/deep/c.YAML", ".yaml", "x.Yml"];
    const others = ["README.md", "a.json", "a.yaml.bak", "yaml", "a.yaml/x"];
    const files = filesOf(Object.fromEntries([...yaml, ...others].map((path) => [path, "i: quay.io/x\n"])));

    const after = replaceRegistry(new Manifests(files), QUAY);

    for (const path of yaml) expect(after.text(path)).toBe("i: example.com/x\n");
    for (const path of others) expect(after.files.get(path)).toBe(files.get(path));
  });

  it("are replaced by one rule after the other, the later one seeing what the earlier one made", () => {
    expect(afterRules("a b", plain("a", "b"), plain("b", "c"), regexp("c$", "d"))).toBe("c d");
  });

  it("are replaced in text, comments and broken YAML too", () => {
    expect(afterRules("# quay.io\na: [quay.io\n", ...QUAY)).toBe("# example.com\na: [example.com\n");
  });

  it("leave a package that names none as it is", () => {
    const manifests = new Manifests(filesOf({ "a.yaml": "a: b\r\n" }));

    expect(replaceRegistry(manifests, QUAY)).toBe(manifests);
    expect(replaceRegistry(manifests, [])).toBe(manifests);
    expect(replaceRegistry(manifests, [plain("a", "a")])).toBe(manifests);
  });
});

describe("line breaks", () => {
  it.each([
    ["CRLF", "a\r\nquay.io\r\n\r\nb quay.io\r\n", "a\r\nexample.com\r\n\r\nb example.com\r\n"],
    ["CR", "quay.io\rquay.io\r", "example.com\rexample.com\r"],
    ["mixed", "quay.io\n\r\nquay.io\r\rquay.io\r\n", "example.com\n\r\nexample.com\r\rexample.com\r\n"],
  ])("stay as they are (%s)", (_, before, after) => {
    expect(afterRules(before, ...QUAY)).toBe(after);
    expect(afterRules(before, regexp("^(.*)quay\\.io$", "\\1example.com"))).toBe(after);
  });

  it("are line feeds for a rule, and in the text that it puts in as the file has them", () => {
    expect(afterRules("a\r\nb\r\nc", regexp("a\\n(b)", "\\1\\n"))).toBe("b\r\n\r\nc");
    expect(afterRules("a\r\nb", plain("a\nb", "c"))).toBe("c");
  });

  it("and a byte order mark and characters of all sizes move nothing", () => {
    expect(afterRules("\ufeffé😀\r\nquay.io 😀\r\n", regexp("quay", "é"))).toBe("\ufeffé😀\r\né.io 😀\r\n");
  });
});

describe("a file that is not UTF-8", () => {
  const latin1 = (text: string) => new Manifests(filesOf({ "1.0/l.yaml": Buffer.from(text, "latin1") }));

  it("stays as it is where no rule applies to it", () => {
    const manifests = latin1("x: café\n");

    expect(replaceRegistry(manifests, QUAY)).toBe(manifests);
  });

  it("is refused where one does", () => {
    expect(() => replaceRegistry(latin1("x: café quay.io\n"), QUAY)).toThrow(PackageValidationError);
    expect(() => replaceRegistry(latin1("x: café quay.io\n"), QUAY)).toThrow(
      "Expected 1.0/l.yaml to be UTF-8",
    );
  });
});

describe("a hostile file", () => {
  it("is refused where a rule takes too much work", () => {
    const text = "a".repeat(50_000);

    expect(() => afterRules(text, regexp("a.*b|a", "-"))).toThrow("take too much work");
    expect(() => afterRules(text, regexp("a.*b|a", "-"))).toThrow(PackageValidationError);
  });

  it("is refused where it and a file before it take too much work together, and taken alone", () => {
    const rule: Replacement = (text, work) => {
      if (text.includes("quay.io")) work.left -= 0.6 * MAX_REPLACEMENT_WORK;
      return [];
    };
    const rules = [rule, regexp("[q]uay", "x")];
    const both = new Manifests(filesOf({ "a.yaml": "quay.io", "b.yaml": "quay.io" }));

    expect(afterRules("quay.io", ...rules)).toBe("x.io");
    expect(() => replaceRegistry(both, rules)).toThrow(PackageValidationError);
    expect(() => replaceRegistry(both, rules)).toThrow("in b.yaml: the matches take too much work");
  });

  it("is refused where it gets too large, and taken just before", () => {
    const rule = plain("a", "b".repeat(1_000_000));
    const text = "a".repeat(MAX_REPLACED_LENGTH / 1_000_000);

    expect(afterRules(text, rule)).toHaveLength(MAX_REPLACED_LENGTH);
    expect(() => afterRules(`${text}\n`, rule)).toThrow("the text gets too large");
  });
});
