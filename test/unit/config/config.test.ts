import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, organizationSettings, parseConfig } from "../../../lib/config/index.ts";

const parse = (value: unknown) => parseConfig(JSON.stringify(value), "omps.json");

function problems(value: unknown): readonly string[] {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

const EVERYTHING = {
  log_level: "WARNING",
  default_release_version: "2.0.0",
  max_content_length: 4_400_000,
  zipfile_max_uncompressed_size: 1,
  upload_max_size: 1,
  upload_max_uncompressed_size: 1,
  request_timeout: 2.5,
  quay_url: "https://quay.example.com",
  kojihub_url: "https://koji.example.com/kojihub",
  kojiroot_url: "http://koji.example.com/",
  greenwave: { url: "https://greenwave.example.com", context: "push", product_version: "p-1" },
  ca_bundle: "ca.pem",
  koji_stage_threshold: 1,
  anonymous_validation: false,
  organizations: {
    acme: {
      public: false,
      replace_registry: [
        { old: "quay.io", new: "" },
        { old: "(a).b$", new: "\\1", regexp: true },
      ],
      package_name_suffix: "-suffix",
      csv_annotations: [{ name: "a.b/c", value: "{{x}} {package_name:>30} {package_name!r}" }],
      target: "bundle",
      registry: "https://registry.example.com",
      repository_template: "{repository}-bundle",
      labels: { a: "b" },
      channels: ["alpha"],
      default_channel: "alpha",
      versions: "all",
      media_types: "oci",
    },
  },
  notifications: { rules: [{ package: "p-*", tag: "t", nvr: "n", organization: "open", version: "1.0.0" }] },
};

describe("a configuration", () => {
  it("may be empty: every setting has its default", () => {
    expect(parse({})).toEqual({
      log_level: "INFO",
      default_release_version: "1.0.0",
      max_content_length: 2_097_152,
      zipfile_max_uncompressed_size: 20_971_520,
      upload_max_size: 52_428_800,
      upload_max_uncompressed_size: 209_715_200,
      request_timeout: 28,
      quay_url: "https://quay.io",
      kojihub_url: "https://koji.fedoraproject.org/kojihub",
      kojiroot_url: "https://kojipkgs.fedoraproject.org/",
      koji_stage_threshold: 4_194_304,
      anonymous_validation: true,
      organizations: {},
      notifications: { rules: [] },
    });
  });

  it("may name every setting, also such as act later", () => {
    expect(parse(EVERYTHING)).toMatchObject({ ...EVERYTHING, organizations: { acme: { target: "bundle" } } });
  });

  it("tells all problems at once, each with its place", () => {
    const found = problems({
      log_level: "LOUD",
      max_content_length: 4_400_001,
      quay_url: "https://user:password@quay.io",
      surprise: 1,
      organizations: { "a b": {}, acme: { publik: true, replace_registry: [{ new: "x" }] } },
      notifications: { rules: [{ package: "p" }] },
    });

    expect(found).toHaveLength(8);
    expect(found.join("\n")).toMatch(/log_level: expected one of .*"LOUD"/);
    expect(found.join("\n")).toContain("max_content_length: must be at most 4400000");
    expect(found.join("\n")).toContain("surprise: is not a setting");
    expect(found.join("\n")).toContain("organizations.acme.publik: is not a setting");
    expect(found.join("\n")).toContain(
      "organizations.acme.replace_registry.0.old: expected string, got nothing",
    );
  });

  it.each(["about", "health", "operations"])("has no organization with the name of a path: %s", (name) => {
    expect(problems({ organizations: { [name]: {}, operation: {} } })).toEqual([
      `organizations.${name}: is a name that the paths of the API have for something else`,
    ]);
  });

  it("tells what is wrong with the rules of an organization, each with its place", () => {
    const found = problems({
      organizations: {
        acme: {
          replace_registry: [
            { old: "(?=a)", new: "", regexp: true },
            { old: "(?=a)", new: "\\1" },
            { old: "a", new: "\\1", regexp: true },
          ],
          csv_annotations: [{ name: "a", value: "{b}" }],
        },
      },
    });

    expect(found).toEqual([
      expect.stringMatching(/^organizations\.acme\.replace_registry\.0\.old: the pattern is not usable: /),
      expect.stringMatching(
        /^organizations\.acme\.replace_registry\.2\.new: the replacement is not usable: /,
      ),
      "organizations.acme.csv_annotations.0.value: has the field '{b}'; only {package_name} is known",
    ]);
  });

  it("makes the rules of an organization ready for use", () => {
    const { acme } = parse(EVERYTHING).organizations;

    expect(acme?.csv_annotations.map(({ valueFor }) => valueFor("etcd"))).toEqual([
      "{x}                           etcd 'etcd'",
    ]);
    expect(
      acme?.replace_registry.flatMap(({ replace }) => [...replace("quay.io axb", { left: 1_000_000 })]),
    ).toEqual([
      { start: 0, end: 7, text: "" },
      { start: 8, end: 11, text: "a" },
    ]);
  });

  it.each([
    ["quay.io", "https://quay.io"],
    ["registry.example:5000", "https://registry.example:5000"],
    ["http://127.0.0.1:5000/", "http://127.0.0.1:5000"],
    ["https://registry.example", "https://registry.example"],
  ])("takes %s for the registry %s", (registry, origin) => {
    const { organizations } = parse({ organizations: { acme: { target: "bundle", registry } } });
    expect(organizations["acme"]?.registry).toBe(origin);
  });

  it.each<[string, object]>([
    ["a version that is none", { default_release_version: "1.0" }],
    ["a size of zero", { zipfile_max_uncompressed_size: 0 }],
    ["a size that is no number", { upload_max_size: "5" }],
    ["a timeout of zero", { request_timeout: 0 }],
    ["a URL with a query", { kojihub_url: "https://k/?a=b" }],
    ["a URL of another scheme", { kojiroot_url: "ftp://k/" }],
    ["Greenwave without its context", { greenwave: { url: "https://g/", product_version: "p" } }],
    ["a token in the file", { organizations: { acme: { oauth_token: "x" } } }],
    [
      "an annotation with an unknown field",
      { organizations: { acme: { csv_annotations: [{ name: "a", value: "{other}" }] } } },
    ],
    [
      "an annotation with a single brace",
      { organizations: { acme: { csv_annotations: [{ name: "a", value: "{package_name" }] } } },
    ],
    ["an unknown target", { organizations: { acme: { target: "oci" } } }],
    ["a setting of bundles for an app registry", { organizations: { acme: { channels: ["alpha"] } } }],
    ["a rule for an organization that cannot be", { notifications: { rules: [{ organization: "a/b" }] } }],
  ])("is refused with %s", (_, value) => {
    expect(problems(value)).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    [
      "made public where nobody can",
      { organizations: { acme: { target: "bundle", public: true, registry: "registry.example" } } },
      "organizations.acme.public: ",
    ],
    [
      "pushed by a rule with a version",
      {
        organizations: { acme: { target: "bundle" } },
        notifications: { rules: [{ organization: "acme", version: "1.0.0" }] },
      },
      "notifications.rules.0.version: ",
    ],
  ])("is refused where bundles are %s", (_, value, place) => {
    expect(problems(value)).toEqual([expect.stringContaining(place)]);
  });

  it.each<[string, object]>([
    ["a registry with a path", { registry: "https://quay.io/acme" }],
    ["a registry of another scheme", { registry: "oci://quay.io" }],
    ["a registry with credentials", { registry: "https://a:b@quay.io" }],
    ["a registry with a port that cannot be", { registry: "quay.io:70000" }],
    ["a template without a place for the repository", { repository_template: "{package}" }],
    ["a template with capital letters", { repository_template: "{repository}-Bundle" }],
    ["a template with two places", { repository_template: "{repository}/{repository}" }],
    ["a template that begins with a slash", { repository_template: "/{repository}" }],
    ["a template that ends in a slash", { repository_template: "{repository}/" }],
    ["a template that climbs", { repository_template: "../acme/{repository}" }],
    ["a template that climbs from its root", { repository_template: "/../{repository}/" }],
    ["a template with an empty part", { repository_template: "team//{repository}" }],
    ["a template with a part of dots", { repository_template: "team/./{repository}" }],
    ["a template with two dots", { repository_template: "{repository}..bundle" }],
    ["a template that begins with a dash", { repository_template: "-{repository}" }],
    ["a template that ends in a dash", { repository_template: "{repository}-" }],
    ["no channel at all", { channels: [] }],
    ["two channels in one", { channels: ["alpha,beta"] }],
    ["a default that is none of the channels", { channels: ["alpha"], default_channel: "beta" }],
    ["versions that are none", { versions: "latest" }],
    ["unknown media types", { media_types: "helm" }],
    ["a label of the bundle format", { labels: { "operators.operatorframework.io.bundle.package.v1": "x" } }],
  ])("is refused where bundles have %s", (_, settings) => {
    expect(problems({ organizations: { acme: { target: "bundle", ...settings } } })).toHaveLength(1);
  });

  it.each(["{repository}", "team/{repository}", "a.b-{repository}__c/d--e", "my{repository}s"])(
    "takes the template %j",
    (repository_template) => {
      expect(problems({ organizations: { acme: { target: "bundle", repository_template } } })).toEqual([]);
    },
  );

  it.each(["", "{", "[]", "null", '"x"'])("is refused as the text %j", (text) => {
    expect(() => parseConfig(text, "omps.json")).toThrow(/^omps\.json: /);
  });
});

describe("the environment", () => {
  const file = join(mkdtempSync(join(tmpdir(), "omps-test-")), "omps.json");
  writeFileSync(file, JSON.stringify(EVERYTHING));

  it("names the file, and replaces the addresses", () => {
    const config = loadConfig({
      OMPS_CONFIG: file,
      QUAY_URL: "http://127.0.0.1:1",
      KOJIHUB_URL: "http://127.0.0.1:2",
      KOJIROOT_URL: "http://127.0.0.1:3",
      GREENWAVE_URL: "http://127.0.0.1:4",
    });

    expect(config).toMatchObject({
      log_level: "WARNING",
      quay_url: "http://127.0.0.1:1",
      kojihub_url: "http://127.0.0.1:2",
      kojiroot_url: "http://127.0.0.1:3",
      greenwave: { ...EVERYTHING.greenwave, url: "http://127.0.0.1:4" },
    });
  });

  it("switches Greenwave off with an empty address, and cannot switch it on alone", () => {
    expect(loadConfig({ OMPS_CONFIG: file, GREENWAVE_URL: "" }).greenwave).toBeUndefined();
    expect(loadConfig({ GREENWAVE_URL: "http://127.0.0.1:4" }).greenwave).toBeUndefined();
  });

  it("names a file that is not there: an error that says so", () => {
    expect(() => loadConfig({ OMPS_CONFIG: "/nowhere/omps.json" })).toThrow(
      "/nowhere/omps.json: cannot be read",
    );
  });
});

describe("the settings of an organization", () => {
  it.each(["other", "constructor", "__proto__"])(
    "that is not configured (%s) are private, and change nothing",
    (name) => {
      expect(organizationSettings(parse(EVERYTHING), name)).toEqual({
        public: false,
        replace_registry: [],
        csv_annotations: [],
        target: "appregistry",
      });
    },
  );
});
