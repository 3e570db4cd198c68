import { describe, expect, it } from "vitest";
import { Manifests, verify } from "../../../lib/operator/index.ts";
import { csv, filesOf, flatPackage, packageFile } from "./package-builder.ts";

/** Counts how often the bytes of a file are looked up. */
class CountingMap extends Map<string, Uint8Array> {
  readonly reads: string[] = [];

  override get(path: string): Uint8Array | undefined {
    this.reads.push(path);
    return super.get(path);
  }
}

describe("Manifests", () => {
  it("lists the YAML files in the order of the bytes of their paths", () => {
    const paths = ["b.yaml", "B.yaml", "é.yml", "a/c.yaml", "README.md", ".yaml"];
    const manifests = new Manifests(filesOf(Object.fromEntries(paths.map((path) => [path, ""]))));

    expect(manifests.yamlPaths).toEqual(["B.yaml", "a/c.yaml", "b.yaml", "é.yml"]);
  });

  it("reads each file once, whatever the number of steps", () => {
    const files = new CountingMap(filesOf(flatPackage({ "broken.txt": "a: [" })));
    const manifests = new Manifests(files);

    verify(manifests, "foo");
    verify(manifests, "bar");

    expect(files.reads.toSorted()).toEqual(["crd.yaml", "csv.yaml", "package.yaml"]);
  });

  it("remembers that a file cannot be read", () => {
    const files = new CountingMap(filesOf({ "package.yaml": packageFile(), "z.yaml": "a: [" }));
    const manifests = new Manifests(files);

    expect(verify(manifests, "foo")).toEqual(verify(manifests, "foo"));
    expect(files.reads).toEqual(["package.yaml", "z.yaml"]);
  });

  it("gives the text of a file as it stands there", () => {
    const manifests = new Manifests(filesOf({ "a.yaml": "\ufeffa: 1\r\n", "b.yaml": Buffer.from([0xff]) }));

    expect(manifests.text("a.yaml")).toBe("\ufeffa: 1\r\n");
    expect(() => manifests.text("b.yaml")).toThrow(TypeError);
    expect(() => manifests.text("c.yaml")).toThrow("the package has no file c.yaml");
  });

  it("takes other texts for files and reads only those anew", () => {
    const original = new Manifests(filesOf(flatPackage()));
    verify(original, "foo");
    const changed = original.withTexts(
      new Map([["package.yaml", JSON.stringify(packageFile({ packageName: "bar" }))]]),
    );

    expect(changed.read("csv.yaml").value).toBe(original.read("csv.yaml").value);
    expect(verify(changed, "bar").valid).toBe(true);
    expect(verify(original, "foo").valid).toBe(true);
    expect(changed.text("csv.yaml")).toBe(JSON.stringify(csv()));
  });
});
