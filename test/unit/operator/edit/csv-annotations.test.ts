import { describe, expect, it } from "vitest";
import { PackageValidationError } from "../../../../lib/errors/index.ts";
import { annotateCsvs } from "../../../../lib/operator/edit/index.ts";
import { MAX_REPOSITORY_LENGTH } from "../../../../lib/operator/identify.ts";
import { Manifests } from "../../../../lib/operator/index.ts";
import { Dict } from "../../../../lib/operator/yaml/index.ts";
import { filesOf } from "../package-builder.ts";
import { annotated, fixed } from "./edited.ts";

const CSV = "kind: ClusterServiceVersion\n";
const SPECIAL = "'\"\\: #{}[],&*!|>%@`é😀\n\t\0\x85\u2028\ufeff";

/** What YAML reads from the annotations. */
function readBack(text: string): Dict {
  const { value } = new Manifests(filesOf({ "csv.yaml": text })).read("csv.yaml");
  const metadata = value instanceof Dict ? value.get("metadata") : undefined;
  const annotations = metadata instanceof Dict ? metadata.get("annotations") : undefined;
  if (annotations instanceof Dict) return annotations;
  throw new TypeError("no annotations");
}

describe("an annotation that is new", () => {
  it.each([
    [
      "under the key",
      "metadata:\n  annotations:\n    a: b\n",
      "metadata:\n  annotations:\n    new: v\n    a: b\n",
    ],
    [
      "above the comments of the first one",
      "metadata:\n  annotations: # x\n\n    # y\n    a: b\n",
      "metadata:\n  annotations: # x\n    new: v\n\n    # y\n    a: b\n",
    ],
    [
      "behind a tag on a line of its own",
      "metadata:\n  annotations:\n    !!map\n    a: b\n",
      "metadata:\n  annotations:\n    !!map\n    new: v\n    a: b\n",
    ],
    ["in braces", "metadata: {annotations: {a: b}}\n", 'metadata: {annotations: {"new": "v", a: b}}\n'],
    ["in empty braces", "metadata: {annotations: {}}\n", 'metadata: {annotations: {"new": "v"}}\n'],
    [
      "in braces on several lines",
      "metadata:\n  annotations: {\n    a: b}\n",
      'metadata:\n  annotations: {"new": "v",\n    a: b}\n',
    ],
    [
      "in place of nothing",
      "metadata:\n  annotations: # x\n",
      'metadata:\n  annotations: {"new": "v"} # x\n',
    ],
    ["in place of null", "metadata: {annotations: ~}\n", 'metadata: {annotations: {"new": "v"}}\n'],
    [
      "behind a key alone",
      "metadata: {annotations, a: b}\n",
      'metadata: {annotations: {"new": "v"}, a: b}\n',
    ],
    ["with the annotations", "metadata:\n  name: x\n", "metadata:\n  annotations:\n    new: v\n  name: x\n"],
    [
      "in braces with the annotations",
      "metadata: {name: x}\n",
      'metadata: {"annotations": {"new": "v"}, name: x}\n',
    ],
    [
      "on the line of an explicit key's value",
      "? metadata\n: name: x\n  y: z\n",
      "? metadata\n: annotations:\n    new: v\n  name: x\n  y: z\n",
    ],
    [
      "beside a merge",
      "x: &x {a: b}\nmetadata:\n  annotations:\n    <<: *x\n",
      "x: &x {a: b}\nmetadata:\n  annotations:\n    new: v\n    <<: *x\n",
    ],
    [
      "to a copy of what an alias stands for",
      "x: &x {a: b}\nmetadata:\n  annotations: *x\n",
      'x: &x {a: b}\nmetadata:\n  annotations: {<<: *x, "new": "v"}\n',
    ],
    [
      "to the last of equal keys",
      "metadata: {annotations: {a: b}}\nmetadata: {annotations: {c: d}}\n",
      'metadata: {annotations: {a: b}}\nmetadata: {annotations: {"new": "v", c: d}}\n',
    ],
  ])("is added %s", (_, before, after) => {
    expect(annotated(CSV + before)).toBe(CSV + after);
    expect(readBack(CSV + after).get("new")).toBe("v");
  });

  it("comes with its metadata where there is none, behind the head of the file", () => {
    expect(annotated(`# head\n${CSV}`)).toBe(`# head\nmetadata:\n  annotations:\n    new: v\n${CSV}`);
  });

  it("ends its line as the file does", () => {
    expect(annotated("metadata:\r\n  annotations:\r\n    a: b\r\nkind: ClusterServiceVersion\r\n")).toBe(
      "metadata:\r\n  annotations:\r\n    new: v\r\n    a: b\r\nkind: ClusterServiceVersion\r\n",
    );
  });

  it("leaves an indentation by other than two, and a byte order mark", () => {
    expect(annotated(`\ufeff${CSV}metadata:\n    annotations:\n     a: b\n`)).toBe(
      `\ufeff${CSV}metadata:\n    annotations:\n     new: v\n     a: b\n`,
    );
  });
});

describe("an annotation that is there", () => {
  it.each([
    ["plain", "old # x", "v # x"],
    ["quoted", "'old' # x", "v # x"],
    ["on two lines", "old\n      text", "v"],
    ["a literal block", "|\n      old\n\n      text\n", "v\n"],
    ["tagged", "!!int '1'", "v"],
    ["anchored", "&x old", "v"],
    ["a list", "[a, b] # x", "v # x"],
    ["a list on lines of its own", "\n    - a\n    - b", "v"],
    ["an alias", "*y", "v"],
  ])("is overwritten where it is %s", (_, before, after) => {
    const text = (value: string) =>
      `${CSV}y: &y z
metadata:
  annotations:
    new: ${value}
    a: 'b'
`;

    expect(annotated(text(before))).toBe(text(after));
  });

  it("is written where nothing is", () => {
    expect(
      annotated(`${CSV}metadata:
  annotations:
    new: # x
    a: b
`),
    ).toBe(
      `${CSV}metadata:
  annotations:
    new: v # x
    a: b
`,
    );
  });

  it("is overwritten where it stands alone in braces", () => {
    expect(annotated("{kind: ClusterServiceVersion, metadata: {annotations: {new, a: b}}}")).toBe(
      '{kind: ClusterServiceVersion, metadata: {annotations: {new: "v", a: b}}}',
    );
  });

  it("is left alone where it has the value already, however it is written", () => {
    const text = `${CSV}metadata:\n  annotations:\n    new: "\\x76"\n`;

    expect(annotated(text)).toBe(text);
  });
});

describe("the values of annotations", () => {
  it.each([
    "",
    " ",
    "yes",
    "null",
    "1.10",
    "1e3",
    "0x1f",
    "2019-01-01",
    "<<",
    "=",
    "~",
    "- a",
    "a: b",
    "a #b",
    SPECIAL,
  ])("read back as they were: %j", (value) => {
    for (const style of ["\n    a: b", "{a: b}", ""]) {
      const text = annotated(`${CSV}metadata:\n  annotations: ${style}\n`, { [value || "x"]: value });

      expect(readBack(text).get(value || "x")).toBe(value);
    }
  });

  it("may name the package", () => {
    const manifests = new Manifests(filesOf({ "csv.yaml": CSV }));
    const annotations = [{ name: "a", valueFor: (name: string) => `value.${name}` }];

    expect(readBack(annotateCsvs(manifests, annotations, "etcd").text("csv.yaml")).get("a")).toBe(
      "value.etcd",
    );
  });

  it("are all set at once, the last of equal names", () => {
    const manifests = new Manifests(filesOf({ "csv.yaml": `${CSV}metadata:\n  annotations:\n    b: 1\n` }));
    const annotations = [...fixed({ a: "1", b: "2" }), ...fixed({ a: "3" })];

    expect(annotateCsvs(manifests, annotations, "etcd").text("csv.yaml")).toBe(
      `${CSV}metadata:\n  annotations:\n    a: '3'\n    b: '2'\n`,
    );
  });
});

describe("annotations are refused", () => {
  it.each([
    ["metadata that is a list", "metadata: [a]\n", "expected metadata to be a mapping, but it is a list"],
    ["annotations that are a text", "metadata: {annotations: x}\n", "expected annotations to be a mapping"],
    [
      "annotations that others use",
      "metadata:\n  annotations: &x\n    a: b\ny: *x\n",
      "&x is used elsewhere as *x",
    ],
    ["a value that others use", "metadata: {annotations: {new: &x a, b: *x}}\n", "&x is used elsewhere"],
    [
      "annotations from a merge",
      "x: &x {annotations: {}}\nmetadata: {<<: *x}\n",
      "annotations comes from a merge",
    ],
    ["metadata from a merge", "x: &x {metadata: {}}\n<<: *x\n", "metadata comes from a merge"],
    ["metadata that is an alias", "x: &x {name: y}\nmetadata: *x\n", "*x stands for a mapping"],
    ["a key that only a mark shows", "? metadata\n", "because of how its annotations are written"],
  ])("for %s", (_, text, problem) => {
    expect(() => annotated(CSV + text)).toThrow(PackageValidationError);
    expect(() => annotated(CSV + text)).toThrow(problem);
  });
});

describe("an anchor that no alias uses", () => {
  it.each(["# see *x\n", "text: 'this is *x* text'\n", "list: ['*x']\n"])(
    "is no reason to refuse, with %j",
    (text) => {
      const rest = `metadata:\n  annotations: &x\n    a: b\n${text}`;

      expect(annotated(CSV + rest)).toContain("    new: v\n    a: b\n");
    },
  );

  it("may have a name of any length", () => {
    expect(annotated(`${CSV}metadata: {annotations: &${"x".repeat(100_000)} {a: b}}\n`)).toContain(
      '"new": "v"',
    );
  });
});

describe("annotations for a packageName that no repository can have", () => {
  it("are not set: the package is refused anyway", () => {
    const manifests = new Manifests(filesOf({ "csv.yaml": CSV }));
    const annotations = [{ name: "a", valueFor: (name: string) => name }];

    expect(annotateCsvs(manifests, annotations, "n".repeat(MAX_REPOSITORY_LENGTH + 1))).toBe(manifests);
    expect(annotateCsvs(manifests, annotations, "n".repeat(MAX_REPOSITORY_LENGTH))).not.toBe(manifests);
  });
});

describe("the files of a package", () => {
  const OTHERS = {
    "list.yaml": "- a\n",
    "text.yaml": "kind: ClusterServiceVersio\n",
    "empty.yaml": "",
    "two.yaml": `${CSV}---\n${CSV}`,
    "broken/csv.yaml": `${CSV}a: [\n`,
    "lower.yaml": "kind: clusterserviceversion\n",
    "latin1.yaml": Buffer.from("kind: ClusterServiceVersion # é\n", "latin1"),
    "csv.json": '{"kind": "ClusterServiceVersion"}',
    "kinds.yaml": "kind: [ClusterServiceVersion]\n",
  };

  it("that are no ClusterServiceVersion stay as they are, whatever they hold", () => {
    const manifests = new Manifests(filesOf(OTHERS));

    expect(annotateCsvs(manifests, fixed({ a: "b" }), "etcd")).toBe(manifests);
  });

  it("that are get their annotations wherever they stand", () => {
    const paths = ["csv.yaml", "1.0/csv.yml", "old/deep/csv.yaml", "1.0/CSV.YAML", ".yaml"];
    const files = filesOf({ ...OTHERS, ...Object.fromEntries(paths.map((path) => [path, CSV])) });

    const after = annotateCsvs(new Manifests(files), fixed({ a: "b" }), "etcd");

    for (const path of paths) expect(readBack(after.text(path)).get("a")).toBe("b");
    for (const path of Object.keys(OTHERS)) expect(after.files.get(path)).toBe(files.get(path));
    expect([...after.files.keys()]).toEqual([...files.keys()]);
  });

  it("stay as they are without annotations, and for a package whose name is no text", () => {
    const manifests = new Manifests(filesOf({ "csv.yaml": CSV }));

    expect(annotateCsvs(manifests, [], "etcd")).toBe(manifests);
    expect(annotateCsvs(manifests, fixed({ a: "b" }), 12n)).toBe(manifests);
  });
});
