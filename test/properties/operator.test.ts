import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackageValidationError } from "../../lib/errors/index.ts";
import {
  buildRelease,
  type FileMap,
  identifyPackage,
  Manifests,
  requireValid,
  verify,
} from "../../lib/operator/index.ts";
import { PATIENCE, RUNS } from "./runs.ts";

const files = (contents: Record<string, string | Uint8Array>): FileMap =>
  new Map(Object.entries(contents).map(([path, content]) => [path, Buffer.from(content)]));

/** Judges a package to the end. Only errors of the contract may come out. */
function judge(contents: FileMap, repository = "etcd") {
  const manifests = new Manifests(contents);
  const refused = refusalOf(() => identifyPackage(manifests));
  const verdict = verify(manifests, repository);
  expect(refusalOf(() => requireValid(verdict)) === undefined).toBe(verdict.valid);
  if (verdict.valid) expect(buildRelease(manifests, verdict).size).toBeGreaterThan(0);
  if (refused) expect(verdict.valid).toBe(false);
  return verdict;
}

function refusalOf(step: () => unknown): PackageValidationError | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof PackageValidationError) return error;
    throw error;
  }
}

/** Characters that mean something in YAML, more often than chance has them. */
const yamlText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\n",
        "  ",
        "\t",
        "- ",
        ": ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!!",
        "|\n",
        ">-\n",
        "#",
        "'",
        '"',
        "\\",
        "---\n",
        "...\n",
        "%",
        "@",
        "=",
        "<<: ",
        "\u0085",
        "\uFEFF",
        "~",
      ),
      fc.constantFrom(
        "kind",
        "packageName",
        "ClusterServiceVersion",
        "spec",
        "1",
        "0x1F",
        "1:30",
        "2019-01-02",
        "yes",
        ".nan",
        "null",
      ),
      fc.string({ maxLength: 4, unit: "binary" }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

const VALID = {
  "package.yaml": "packageName: etcd\nchannels:\n- name: alpha\n  currentCSV: etcd.v1\n",
  "csv.yaml": `apiVersion: v1
kind: ClusterServiceVersion
metadata:
  name: etcd.v1
spec:
  installModes: []
  install: {strategy: deployment, spec: {deployments: []}}
`,
};

const name = fc.constantFrom(
  "a",
  "b.yaml",
  "c.yml",
  ".yaml",
  "art.yaml",
  "d.YAML",
  "package.yaml",
  "1.0.0",
  "é.yaml",
  ".nfs1",
  "__MACOSX",
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));

/** An object that looks like a manifest, with anything where a rule looks. */
const value = fc.jsonValue({ maxDepth: 2, noUnicodeString: false });
const maybe = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: good }, value);
const manifest = fc.record(
  {
    apiVersion: value,
    kind: fc.oneof(fc.constantFrom("ClusterServiceVersion", "CustomResourceDefinition"), value),
    packageName: value,
    channels: maybe(
      fc.array(maybe(fc.record({ name: value, currentCSV: value }, { requiredKeys: [] })), { maxLength: 2 }),
    ),
    metadata: maybe(
      fc.record(
        {
          name: value,
          annotations: maybe(
            fc.dictionary(fc.constantFrom("certified", "alm-examples", "description"), value),
          ),
        },
        { requiredKeys: [] },
      ),
    ),
    spec: maybe(
      fc.record(
        {
          group: value,
          version: value,
          description: value,
          versions: maybe(
            fc.array(maybe(fc.record({ name: value, served: value, storage: value }, { requiredKeys: [] })), {
              maxLength: 2,
            }),
          ),
          names: maybe(fc.record({ kind: value, plural: value }, { requiredKeys: [] })),
          installModes: value,
          install: maybe(
            fc.record(
              {
                strategy: value,
                spec: maybe(fc.record({ deployments: value, permissions: value }, { requiredKeys: [] })),
              },
              { requiredKeys: [] },
            ),
          ),
          customresourcedefinitions: maybe(
            fc.record(
              {
                owned: maybe(
                  fc.array(
                    maybe(fc.record({ name: value, kind: value, version: value }, { requiredKeys: [] })),
                    { maxLength: 2 },
                  ),
                ),
              },
              { requiredKeys: [] },
            ),
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

describe("whatever a package holds, there is a verdict", () => {
  it(
    "any bytes as a YAML file",
    () => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 200 }),
          fc.constantFrom("a.yaml", "z.yaml", "dir/a.yaml"),
          (bytes, file) => {
            judge(files({ ...VALID, [file]: bytes }));
          },
        ),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  it(
    "any text that looks like YAML",
    () => {
      fc.assert(
        fc.property(
          yamlText,
          fc.constantFrom("a.yaml", "z.yaml", "csv.yaml", "package.yaml", "1.0.0/csv.yaml"),
          (text, file) => {
            judge(files({ ...VALID, [file]: text }));
          },
        ),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  it(
    "any tree of files",
    () => {
      const content = fc.oneof(yamlText, fc.constantFrom(...Object.values(VALID)));
      fc.assert(
        fc.property(fc.dictionary(path, content, { maxKeys: 6 }), fc.string(), (tree, repository) => {
          judge(files(tree), repository);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  it(
    "any objects as CSV, CRD and package",
    () => {
      fc.assert(
        fc.property(fc.array(manifest, { minLength: 1, maxLength: 3 }), fc.boolean(), (manifests, nested) => {
          const named = manifests.map((each, index) => [
            `${nested ? "1.0.0/" : ""}m${index}.yaml`,
            JSON.stringify(each),
          ]);
          judge(files({ ...VALID, ...Object.fromEntries(named) }));
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );
});

it(
  "a file that operator-courier does not look at changes neither verdict nor lists",
  () => {
    const ignored = fc.constantFrom(
      "README.md",
      "a.yaml~",
      ".yaml",
      "B.YAML",
      "docs/x.json",
      "a/b/broken.yaml",
      "1.0.0/deeper/package.yaml",
    );
    fc.assert(
      fc.property(
        fc.dictionary(path, fc.oneof(yamlText, fc.constantFrom(...Object.values(VALID))), { maxKeys: 4 }),
        ignored,
        yamlText,
        (tree, file, text) => {
          const plain = { ...VALID, ...tree };
          const { bundle: _, ...before } = judge(files(plain));
          const { bundle: __, ...after } = judge(files({ ...plain, [file]: text }));

          expect(after).toEqual(before);
        },
      ),
      { numRuns: RUNS },
    );
  },
  PATIENCE,
);
