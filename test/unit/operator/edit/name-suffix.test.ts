import { describe, expect, it } from "vitest";
import { PackageValidationError } from "../../../../lib/errors/index.ts";
import { addNameSuffix } from "../../../../lib/operator/edit/index.ts";
import { identifyPackage, Manifests } from "../../../../lib/operator/index.ts";
import { filesOf } from "../package-builder.ts";
import { suffixed } from "./edited.ts";

describe("the suffix of a package's name", () => {
  it.each([
    ["plain", "packageName: etcd\nx: 1\n", "packageName: etcd-opt\nx: 1\n"],
    ["at the end of the file", "packageName: etcd", "packageName: etcd-opt"],
    ["before a comment", "# a\npackageName: etcd   # b\n", "# a\npackageName: etcd-opt   # b\n"],
    ["in single quotes", "packageName: 'etcd'\n", "packageName: 'etcd-opt'\n"],
    ["in double quotes", 'packageName: "et\\x63d"\n', 'packageName: "et\\x63d-opt"\n'],
    ["in double quotes on two lines", 'packageName: "et\\\n  cd"\n', 'packageName: "et\\\n  cd-opt"\n'],
    ["on a line of its own", "packageName:\n  etcd\nx: 1\n", "packageName:\n  etcd-opt\nx: 1\n"],
    ["in braces", "{packageName: etcd, x: 1}", "{packageName: etcd-opt, x: 1}"],
    ["in JSON", '{"packageName":"etcd"}', '{"packageName":"etcd-opt"}'],
    ["with an explicit key", "? packageName\n: etcd\n", "? packageName\n: etcd-opt\n"],
    ["with a quoted key", '"packageName": etcd\n', '"packageName": etcd-opt\n'],
    ["with a tag", "packageName: !!str 12\n", "packageName: !!str 12-opt\n"],
    ["with an anchor that nobody uses", "packageName: &n etcd\n", "packageName: &n etcd-opt\n"],
    ["as an alias", "x: &n etcd\npackageName: *n\ny: *n\n", "x: &n etcd\npackageName: etcd-opt\ny: *n\n"],
    ["as a literal block", "packageName: |-\n  etcd\n# c\n", "packageName: |-\n  etcd-opt\n# c\n"],
    ["as a folded block", "packageName: >-\n  etcd\n\n\nx: 1\n", "packageName: >-\n  etcd-opt\n\n\nx: 1\n"],
    ["given twice", "packageName: a\npackageName: etcd\n", "packageName: a\npackageName: etcd-opt\n"],
    [
      "in CRLF lines",
      "x: 1\r\n\r\npackageName: etcd\r\ny: 2\r\n",
      "x: 1\r\n\r\npackageName: etcd-opt\r\ny: 2\r\n",
    ],
    ["in CR lines", "x: 1\rpackageName: etcd\ry: 2\r", "x: 1\rpackageName: etcd-opt\ry: 2\r"],
    ["behind a byte order mark", "\ufeffpackageName: etcd\n", "\ufeffpackageName: etcd-opt\n"],
    ["behind other characters", "x: é😀\npackageName: etcd\n", "x: é😀\npackageName: etcd-opt\n"],
    [
      "behind a document marker",
      "%YAML 1.1\n--- # a\npackageName: etcd\n...\n",
      "%YAML 1.1\n--- # a\npackageName: etcd-opt\n...\n",
    ],
  ])("is added to a name %s, and to nothing else", (_, before, after) => {
    expect(suffixed(before)).toBe(after);
  });

  it("is written before the name's merge, which it wins over", () => {
    expect(suffixed("# head\n\nx: &x {packageName: etcd}\n<<: *x\n")).toBe(
      "# head\n\npackageName: etcd-opt\nx: &x {packageName: etcd}\n<<: *x\n",
    );
  });

  it("makes a name a quoted one that without quotes would be a number", () => {
    expect(suffixed("packageName: 1e\n", "5")).toBe("packageName: '1e5'\n");
    expect(suffixed("packageName: v\n", "5")).toBe("packageName: v5\n");
    expect(suffixed("{packageName: 1e}", "5")).toBe("{packageName: '1e5'}");
  });

  it("is not added to a name that ends so", () => {
    const text = "packageName: 'etcd-opt'  # c\r\n";

    expect(suffixed(text)).toBe(text);
  });

  it("gives the name back, and the other files as they were", () => {
    const files = filesOf({ "package.yaml": "packageName: etcd\n", "a.yaml": "packageNam: etcd\n" });
    const manifests = new Manifests(files);

    const named = addNameSuffix(manifests, identifyPackage(manifests), "-opt");

    expect(named.packageName).toBe("etcd-opt");
    expect(named.manifests.files.get("a.yaml")).toBe(files.get("a.yaml"));
    expect(manifests.text("package.yaml")).toBe("packageName: etcd\n");
  });

  it("is none for an organization without one", () => {
    const manifests = new Manifests(filesOf({ "package.yaml": "packageName: 12\n" }));

    const named = addNameSuffix(manifests, identifyPackage(manifests), undefined);

    expect(named.manifests).toBe(manifests);
    expect(named.packageName).toBe(12n);
  });

  it.each([
    ["a number", "packageName: 12\n", "it is the number 12"],
    ["null", "packageName:\n", "it is null"],
    ["a list", "packageName: [etcd]\n", "it is a list"],
    ["shared with others", "packageName: &n etcd\nx: *n\n", "&n is used elsewhere as *n"],
    ["a text that ends in a line break", "packageName: |\n  etcd\n", "ends in a line break"],
    ["empty behind a tag", "packageName: !!str\nx: 1\n", "packageName is empty"],
  ])("is refused for a name that is %s", (_, text, problem) => {
    expect(() => suffixed(text)).toThrow(PackageValidationError);
    expect(() => suffixed(text)).toThrow(problem);
  });
});
