import type { Image } from "./oci-layout.ts";

/** A version of the operator "demo". */
export interface DemoVersion {
  readonly version: string;
  readonly replaces?: string;
}

/** The image of a bundle, written by hand as its format asks for (registry+v1), and not by our code. */
export function demoBundle({ version, replaces }: DemoVersion): Image {
  const labels = {
    "operators.operatorframework.io.bundle.mediatype.v1": "registry+v1",
    "operators.operatorframework.io.bundle.manifests.v1": "manifests/",
    "operators.operatorframework.io.bundle.metadata.v1": "metadata/",
    "operators.operatorframework.io.bundle.package.v1": "demo",
    "operators.operatorframework.io.bundle.channels.v1": "alpha,beta",
    "operators.operatorframework.io.bundle.channel.default.v1": "alpha",
  };
  const csv = {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "ClusterServiceVersion",
    metadata: { name: `demo.v${version}` },
    spec: {
      version,
      replaces,
      install: { strategy: "deployment", spec: { deployments: [] } },
      customresourcedefinitions: {
        owned: [{ name: "demos.example.com", version: "v1", kind: "Demo" }],
        required: [{ name: "needs.example.org", version: "v2", kind: "Need" }],
      },
    },
  };
  const crd = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "demos.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Demo", plural: "demos" },
      versions: [{ name: "v1", served: true, storage: true }],
    },
  };
  const contents = {
    "manifests/csv.yaml": csv,
    "manifests/crd.yaml": crd,
    "metadata/annotations.yaml": { annotations: labels },
  };
  // Every JSON is a YAML.
  const files = Object.entries(contents).map(([name, content]) => [name, JSON.stringify(content)]);
  return { labels, files: Object.fromEntries(files) };
}
