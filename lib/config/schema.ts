import * as z from "zod/mini";
import { type OrganizationConfig, organization, UNCONFIGURED } from "./organization.ts";
import { text, url } from "./values.ts";

/** Largest request body that passes API Gateway and Lambda, in bytes: 6,291,556 of payload, as base64. */
const MAX_BODY_BYTES = 4_400_000;

/** Longest wait for one call, in seconds: API Gateway ends a request after 30. */
const MAX_CALL_SECONDS = 900;

const VERSION = /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/;
const ORGANIZATION = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What stands in the place of an organization in paths of ours. */
const RESERVED = /^(about|health|operations)$/;

const bytes = z.int().check(z.positive("must be a number of bytes above 0"));
const version = z.string().check(z.regex(VERSION, "must be '<int>.<int>.<int>' without leading zeros"));

/** Which builds are pushed where; all conditions must hold, and `*` stands for any characters (lib/notify/rules.ts). */
const notificationRule = z.strictObject({
  /** Koji's name of the package. */
  package: z.optional(text),
  /** With it, builds are pushed when they get the tag; without, when they are complete. */
  tag: z.optional(text),
  nvr: z.optional(text),
  organization: text.check(z.regex(ORGANIZATION, "must be the name of an organization")),
  version: z.optional(version),
});

const greenwave = z.strictObject({ url, context: text, product_version: text });

/** The configuration file. Every key has a default; an unknown key is an error. */
const settingsSchema = z.strictObject({
  log_level: z._default(z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]), "INFO"),
  default_release_version: z._default(version, "1.0.0"),
  max_content_length: z._default(
    bytes.check(
      z.maximum(MAX_BODY_BYTES, `must be at most ${MAX_BODY_BYTES}: more cannot pass API Gateway and Lambda`),
    ),
    2 * 1024 * 1024,
  ),
  zipfile_max_uncompressed_size: z._default(bytes, 20 * 1024 * 1024),
  upload_max_size: z._default(bytes, 50 * 1024 * 1024),
  upload_max_uncompressed_size: z._default(bytes, 200 * 1024 * 1024),
  request_timeout: z._default(
    z.number().check(z.positive("must be above 0 seconds"), z.maximum(MAX_CALL_SECONDS)),
    28,
  ),
  quay_url: z._default(url, "https://quay.io"),
  kojihub_url: z._default(url, "https://koji.fedoraproject.org/kojihub"),
  kojiroot_url: z._default(url, "https://kojipkgs.fedoraproject.org/"),
  greenwave: z.optional(greenwave),
  ca_bundle: z.optional(text),
  koji_stage_threshold: z._default(bytes, 4 * 1024 * 1024),
  /** Whether a zip may be validated without a token. */
  anonymous_validation: z._default(z.boolean(), true),
  organizations: z._default(
    z.record(
      z.string().check(
        z.regex(ORGANIZATION, "is no name of an organization"),
        z.refine(
          (name) => !RESERVED.test(name),
          "is a name that the paths of the API have for something else",
        ),
      ),
      organization,
    ),
    {},
  ),
  notifications: z._default(z.strictObject({ rules: z._default(z.array(notificationRule), []) }), {
    rules: [],
  }),
});

export type Config = Readonly<z.output<typeof settingsSchema>>;

/** The same, with settings that do not go together refused. */
export const configSchema = settingsSchema.check(({ value, issues }) => {
  const refuse = (path: (string | number)[], message: string) =>
    issues.push({ code: "custom", input: value, path, message });
  for (const [name, settings] of Object.entries(value.organizations)) {
    if (settings.target !== "bundle" || !settings.public || !URL.canParse(value.quay_url)) continue;
    if (bundleRegistry(value, settings) !== new URL(value.quay_url).origin)
      refuse(
        ["organizations", name, "public"],
        "repositories are made public by the API of 'quay_url', and 'registry' is another one",
      );
  }
  for (const [index, { organization: name, version: given }] of value.notifications.rules.entries()) {
    if (given !== undefined && organizationSettings(value, name).target === "bundle")
      refuse(
        ["notifications", "rules", index, "version"],
        "the version of a bundle is that of its ClusterServiceVersion",
      );
  }
});

/** Origin of the registry of images that an organization with the target `bundle` publishes to. */
export function bundleRegistry({ quay_url }: Config, { registry }: OrganizationConfig): string {
  return registry ?? new URL(quay_url).origin;
}

/** The registries of all organizations, where each that is named publishes bundles; undefined where one does not, or none is named. */
export function bundleRegistries(config: Config): readonly string[] | undefined {
  const all = Object.values(config.organizations);
  if (all.length === 0 || all.some(({ target }) => target !== "bundle")) return undefined;
  return [...new Set(all.map((settings) => bundleRegistry(config, settings)))];
}

/** The settings of an organization; one that the configuration does not name is private and changes nothing. */
export function organizationSettings(config: Config, name: string): OrganizationConfig {
  return (Object.hasOwn(config.organizations, name) ? config.organizations[name] : undefined) ?? UNCONFIGURED;
}
