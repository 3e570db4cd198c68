import { type FileMap, Manifests, type Verdict, verify } from "../../../lib/operator/index.ts";

/** Objects of a manifest; a key that is undefined is left out. */
export type Json =
  | null
  | undefined
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Files from texts; a text may also be given as an object, which is written as JSON, that is, as YAML. */
export function filesOf(contents: Readonly<Record<string, Json | Uint8Array>>): FileMap {
  return new Map(Object.entries(contents).map(([path, content]) => [path, bytesOf(content)]));
}

function bytesOf(content: Json | Uint8Array): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
}

/** A CRD that breaks no rule. */
export function crd(spec: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1beta1",
    kind: "CustomResourceDefinition",
    metadata: { name: "foos.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Foo", plural: "foos" },
      versions: [{ name: "v1", served: true, storage: true }],
      ...spec,
    },
    ...rest,
  };
}

/** Of a ClusterServiceVersion that gets no warning. */
export const ANNOTATIONS: JsonObject = {
  categories: "Database",
  certified: "false",
  description: "short",
  containerImage: "example.com/foo:1",
  createdAt: "2019-01-02",
  support: "Example",
  "alm-examples": "[]",
};

export function installSpec(spec: JsonObject): JsonObject {
  return { install: { strategy: "deployment", spec: { deployments: [], ...spec } } };
}

export const OWNED_FOO: JsonObject = { name: "foos.example.com", kind: "Foo", version: "v1" };

export function owning(...owned: Json[]): JsonObject {
  return { customresourcedefinitions: { owned } };
}

/** A ClusterServiceVersion that breaks no rule and gets no warning. */
export function csv(spec: JsonObject = {}, metadata: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  return {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: { name: "foo.v1", annotations: ANNOTATIONS, ...metadata },
    spec: {
      displayName: "Foo",
      description: "The Foo operator",
      icon: [],
      version: "1.0.0",
      provider: { name: "Example" },
      maturity: "alpha",
      installModes: [],
      ...installSpec({}),
      ...owning(OWNED_FOO),
      ...spec,
    },
    ...rest,
  };
}

export function packageFile(rest: JsonObject = {}): JsonObject {
  return { packageName: "foo", channels: [{ name: "alpha", currentCSV: "foo.v1" }], ...rest };
}

export type Contents = Readonly<Record<string, Json | Uint8Array>>;

/** A valid flat package, with other files in place of some, or more of them. */
export function flatPackage(contents: Contents = {}): Record<string, Json | Uint8Array> {
  return { "crd.yaml": crd(), "csv.yaml": csv(), "package.yaml": packageFile(), ...contents };
}

/** A valid package with two version directories. */
export function nestedPackage(contents: Contents = {}): Record<string, Json | Uint8Array> {
  return {
    "package.yaml": packageFile(),
    "1.0.0/crd.yaml": crd(),
    "1.0.0/csv.yaml": csv(),
    "2.0.0/crd.yaml": crd(),
    "2.0.0/csv.yaml": csv({}, { name: "foo.v2" }),
    ...contents,
  };
}

export function judge(contents: Contents, repository = "foo"): Verdict {
  return verify(new Manifests(filesOf(contents)), repository);
}

/** The errors of a flat package with these files in place of valid ones. */
export function errorsOf(contents: Contents): readonly string[] {
  return judge(flatPackage(contents)).errors;
}

/** What is said of a package on which operator-courier dies. */
export function refusalOf(contents: Contents): string | undefined {
  const { valid, error } = judge(flatPackage(contents));
  return valid ? undefined : error?.message;
}
