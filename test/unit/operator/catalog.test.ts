import { describe, expect, it } from "vitest";
import {
  describeCsvs,
  MAX_CSVS,
  MAX_DESCRIPTION,
  MAX_ICONS,
  MAX_ITEMS_DESCRIBED,
  MAX_SHORT_TEXT,
  MAX_TEXTS,
} from "../../../lib/operator/catalog.ts";
import { Manifests } from "../../../lib/operator/index.ts";

/** A CSV as JSON, which is YAML too. */
function csv(name: unknown, spec: object = {}, annotations: object = {}): string {
  return JSON.stringify({ kind: "ClusterServiceVersion", metadata: { name, annotations }, spec });
}

function described(files: Readonly<Record<string, string>>, ...heads: string[]) {
  const bytes = Object.entries(files).map(([path, text]): [string, Buffer] => [path, Buffer.from(text)]);
  return describeCsvs(new Manifests(new Map(bytes)), new Set(heads));
}

/** As many CSVs as there are specs, named a0, a1, … */
function all(specs: readonly object[], ...heads: string[]) {
  const files = specs.map((spec, index) => [
    `${String(index).padStart(4, "0")}.yaml`,
    csv(`a${index}`, spec),
  ]);
  return described(Object.fromEntries(files), ...heads);
}

describe("a description", () => {
  it("has what a catalog shows", () => {
    const spec = {
      version: "1.0.0",
      replaces: "etcd.v0.9.0",
      skips: ["etcd.v0.9.1"],
      displayName: "etcd",
      provider: { name: "ACME" },
      description: "# It works",
      icon: [{ mediatype: "image/png", base64data: "AAAA" }],
      customresourcedefinitions: {
        owned: [{ name: "etcds.acme.com", kind: "Etcd", version: "v1", displayName: "A", description: "B" }],
      },
    };
    const annotations = { capabilities: "Basic Install", categories: "Database, Storage" };

    expect(described({ "1/a.yaml": csv("etcd.v1.0.0", spec, annotations) })).toEqual([
      {
        name: "etcd.v1.0.0",
        version: "1.0.0",
        replaces: "etcd.v0.9.0",
        skips: ["etcd.v0.9.1"],
        display_name: "etcd",
        provider: "ACME",
        description: "# It works",
        icon: { mediatype: "image/png", base64data: "AAAA" },
        capabilities: "Basic Install",
        categories: "Database, Storage",
        crds: [{ name: "etcds.acme.com", kind: "Etcd", version: "v1", display_name: "A", description: "B" }],
      },
    ]);
  });

  it("has null for what is not there, or no text", () => {
    const odd = { version: 1, replaces: {}, skips: "all", provider: "ACME", icon: { mediatype: 1 } };

    expect(described({ "a.yaml": csv("a", odd) })).toEqual([
      {
        name: "a",
        version: null,
        replaces: null,
        skips: [],
        display_name: null,
        provider: null,
        description: null,
        icon: null,
        capabilities: null,
        categories: null,
        crds: [],
      },
    ]);
  });

  it("is made of what can be read, whatever else is broken, and not of what has no name", () => {
    const files = {
      "a.yaml": csv("a"),
      "b.yaml": "{",
      "c.yaml": csv(1),
      "d.yaml": "[]",
      "deep/er/e.yaml": csv("e"),
      "manifests/f.yaml": csv("f"),
    };

    expect(described(files).map(({ name }) => name)).toEqual(["a", "f"]);
  });
});

describe("the limits", () => {
  it.each([0, 1])(`are ${MAX_CSVS} of them, here and %s more`, (more) => {
    const specs = Array.from({ length: MAX_CSVS + more }, () => ({}));

    expect(all(specs)).toHaveLength(MAX_CSVS);
  });

  it.each([0, 1])(`are ${MAX_ITEMS_DESCRIBED} resources and skips, here and %s more`, (more) => {
    const names = Array.from({ length: MAX_ITEMS_DESCRIBED + more }, (_, index) => `n${index}`);
    const owned = names.map((name) => ({ name }));
    const [one] = all([{ skips: names, customresourcedefinitions: { owned } }]);

    expect(one?.skips).toHaveLength(MAX_ITEMS_DESCRIBED);
    expect(one?.crds).toHaveLength(MAX_ITEMS_DESCRIBED);
  });

  it("cut texts, and no character in two", () => {
    const description = `${"d".repeat(MAX_DESCRIPTION - 1)}\u{1f600}`;
    const [fits, cut] = all([
      { displayName: "n".repeat(MAX_SHORT_TEXT), description: description.slice(1) },
      { displayName: "n".repeat(MAX_SHORT_TEXT + 1), description },
    ]);

    expect(fits).toMatchObject({
      display_name: "n".repeat(MAX_SHORT_TEXT),
      description: description.slice(1),
    });
    expect(cut).toMatchObject({
      display_name: "n".repeat(MAX_SHORT_TEXT),
      description: "d".repeat(MAX_DESCRIPTION - 1),
    });
  });

  it("leave out texts beyond all that there is room for, but those of heads last", () => {
    const specs = Array.from({ length: 40 }, () => ({ description: "d".repeat(MAX_DESCRIPTION) }));
    const made = all(specs, "a39");

    const whole = made.filter(({ description }) => description?.length === MAX_DESCRIPTION);
    expect(whole.map(({ name }) => name)).toEqual([
      ...Array.from({ length: whole.length - 1 }, (_, index) => `a${index}`),
      "a39",
    ]);
    expect(JSON.stringify(made).length).toBeLessThan(MAX_TEXTS + 40 * 250);
    expect(made.at(-2)).toMatchObject({ name: "a38", description: null });
  });

  it("let all icons have so many characters together, and cut none", () => {
    const icon = (length: number) => ({
      icon: [{ mediatype: "image/png", base64data: "A".repeat(length) }],
    });
    const [first, second, third] = all([icon(MAX_ICONS - 4), icon(5), icon(4)]);

    expect(first?.icon?.base64data).toHaveLength(MAX_ICONS - 4);
    expect(second?.icon).toBeNull();
    expect(third?.icon?.base64data).toBe("AAAA");
  });
});
