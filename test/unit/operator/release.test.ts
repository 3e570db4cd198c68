import { describe, expect, it } from "vitest";
import { buildRelease, Manifests, verify } from "../../../lib/operator/index.ts";
import { Dict, loadYaml, type Value } from "../../../lib/operator/yaml/index.ts";
import {
  ANNOTATIONS,
  type Contents,
  crd,
  csv,
  filesOf,
  flatPackage,
  nestedPackage,
  owning,
} from "./package-builder.ts";

function release(contents: Contents): Map<string, Uint8Array> {
  const manifests = new Manifests(filesOf(contents));
  return buildRelease(manifests, verify(manifests, "foo"));
}

const bundleOf = (contents: Contents) => Buffer.from(release(contents).get("bundle.yaml") ?? "").toString();

function at(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  const [key, ...rest] = path;
  if (key === undefined || value === undefined) return value;
  if (typeof key === "number") return at(Array.isArray(value) ? value[key] : undefined, ...rest);
  return at(value instanceof Dict ? value.get(key) : undefined, ...rest);
}

/** The objects of a kind in a bundle: it holds them as text in text. */
function objectsOf(bundle: string, kind: string): Value {
  const text = at(loadYaml(Buffer.from(bundle)), "data", kind);
  return loadYaml(Buffer.from(typeof text === "string" ? text : "not a text"));
}

/** A value as JSON has it: two Dicts equal each other to `toEqual` whatever they hold. */
function jsonOf(value: Value): unknown {
  if (value instanceof Dict) {
    return Object.fromEntries(
      [...value.entries()].map(([key, entry]) => [
        typeof key === "string" ? key : "no string",
        jsonOf(entry),
      ]),
    );
  }
  if (typeof value === "bigint") return Number(value);
  return Array.isArray(value) ? value.map(jsonOf) : value;
}

describe("the release of a flat package", () => {
  it("is one bundle.yaml with all objects as text, in the order of their files", () => {
    const contents = flatPackage({ "z.yaml": csv({}, { name: "foo.v0" }), "README.md": "#" });
    const bundle = bundleOf(contents);

    expect([...release(contents).keys()]).toEqual(["bundle.yaml"]);
    expect(bundle).toMatch(/^data:\n {2}clusterServiceVersions: \|\n {4}- apiVersion/);
    expect(jsonOf(objectsOf(bundle, "packages"))).toEqual([contents["package.yaml"]]);
    expect(jsonOf(objectsOf(bundle, "customResourceDefinitions"))).toEqual([crd()]);
    expect(at(objectsOf(bundle, "clusterServiceVersions"), 0, "metadata", "name")).toBe("foo.v1");
    expect(at(objectsOf(bundle, "clusterServiceVersions"), 1, "metadata", "name")).toBe("foo.v0");
  });

  it("has an empty text where there are no CRDs", () => {
    const bundle = bundleOf(flatPackage({ "crd.yaml": "", "csv.yaml": csv(owning()) }));

    expect(bundle).toContain("\n  customResourceDefinitions: ''\n");
  });

  it("writes description and examples as texts, whatever they were", () => {
    const text = JSON.stringify(csv({ description: "DESCRIPTION" })).replace('"DESCRIPTION"', "{a: 1.10}");

    expect(
      at(
        objectsOf(bundleOf(flatPackage({ "csv.yaml": text })), "clusterServiceVersions"),
        0,
        "spec",
        "description",
      ),
    ).toBe("{'a': 1.1}");
  });

  it("leaves an absent or empty description alone", () => {
    const objects = (contents: Contents) =>
      objectsOf(bundleOf(flatPackage(contents)), "clusterServiceVersions");

    expect(at(objects({ "csv.yaml": csv({ description: [] }) }), 0, "spec", "description")).toEqual([]);
    expect(
      at(objects({ "csv.yaml": csv({ description: undefined }) }), 0, "spec", "description"),
    ).toBeUndefined();
    expect(
      at(objects({ "csv.yaml": csv({}, { annotations: undefined }) }), 0, "metadata", "annotations"),
    ).toBeUndefined();
  });

  it("writes texts of several lines as blocks", () => {
    const annotations = { ...ANNOTATIONS, "alm-examples": "[\n  {}\n]" };
    const bundle = bundleOf(
      flatPackage({ "csv.yaml": csv({ description: "# Foo\n\nBar\n" }, { annotations }) }),
    );

    expect(bundle).toContain(
      "\n          alm-examples: |-\n            [\n              {}\n            ]\n",
    );
    expect(bundle).toContain("\n        description: |\n          # Foo\n\n          Bar\n");
  });

  it("is the same for the same package, and changes nothing in what was read", () => {
    const files = filesOf(flatPackage({ "csv.yaml": csv({ description: 5 }) }));
    const manifests = new Manifests(files);
    const first = verify(manifests, "foo");

    expect(first.bundle).toContain("description");
    expect(verify(manifests, "foo").bundle).toBe(first.bundle);
    expect(verify(new Manifests(files), "foo").bundle).toBe(first.bundle);
    expect(at(manifests.read("csv.yaml").value, "spec", "description")).toBe(5n);
  });
});

describe("the release of a nested package", () => {
  it("is all of its files as they are", () => {
    const contents = nestedPackage({ "README.md": "a\r\n", "docs/deep/broken.yaml": "a: [", ".hidden": "" });

    expect(release(contents)).toEqual(filesOf(contents));
  });

  it("leaves out the files of an image build and of NFS, by exact name", () => {
    const out = [
      "art.yaml",
      "1.0.0/art.yaml",
      "image-references",
      "docs/a/image-references",
      ".nfs01",
      "docs/.nfs/x",
    ];
    const kept = [
      "art.yml",
      "ART.yaml",
      "image-references.txt",
      "art.yaml.d/x",
      "docs/image-references/x",
      "a.nfs",
    ];
    const extra = Object.fromEntries([...out, ...kept].map((path) => [path, ""]));

    expect([...release(nestedPackage(extra)).keys()].toSorted()).toEqual(
      [...Object.keys(nestedPackage()), ...kept].toSorted(),
    );
  });
});

it("refuses to build a package that is not valid", () => {
  expect(() => release({})).toThrow("only a valid package can be built");
});
