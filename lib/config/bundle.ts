import * as z from "zod/mini";
import { text } from "./values.ts";

/** All labels of a bundle that say what it is begin so; they come from its annotations. */
const OWN_LABELS = "operators.operatorframework.io.bundle.";

const PLACE = "{repository}";

/** The path of an image's reference, as the OCI distribution specification has it. */
const PATH = /^[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/;

const HOST = /^[A-Za-z0-9.-]+(?::[0-9]{1,5})?$/;

/** Where there is no http or https, it is a host. */
const registry = z.pipe(
  text.check(z.refine(isRegistry, "must be a host like 'quay.io', or an http or https URL without a path")),
  z.transform((value) => new URL(HOST.test(value) ? `https://${value}` : value).origin),
);

const channel = text.check(z.refine((name) => !/[,\s]/.test(name), "must not have commas and blanks"));

/** Settings of an organization that publishes bundle images. */
export const bundleSettings = {
  /** The registry's origin, as `https://quay.io`; that of `quay_url` unless told. */
  registry: z.optional(registry),
  /** The repository's name in the registry; `{repository}` stands for its name in the API. */
  repository_template: z.optional(
    text.check(
      z.refine(
        isTemplate,
        "must have '{repository}' once, in a path like 'team/{repository}-bundle': of a-z and 0-9, with '.', '_', '-' or '/' between them",
      ),
    ),
  ),
  /** Labels that each image gets, beside those of the bundle format. */
  labels: z.optional(
    z.record(
      text.check(z.refine((name) => !name.startsWith(OWN_LABELS), "is a label of the bundle format itself")),
      z.string(),
    ),
  ),
  channels: z.optional(z.array(channel).check(z.minLength(1, "must name a channel"))),
  default_channel: z.optional(channel),
  /** Which versions of a package become bundles: those that its channels name, or all. */
  versions: z.optional(z.enum(["current", "all"])),
  media_types: z.optional(z.enum(["docker", "oci"])),
};

/** What the settings of an organization have in common that may publish bundles. */
interface MayPublishBundles {
  readonly target: string;
  readonly channels?: readonly string[] | undefined;
  readonly default_channel?: string | undefined;
}

/** Refuses settings that have no effect, and a default that is none of the channels. */
export function checkBundleSettings({ value, issues }: z.core.ParsePayload<MayPublishBundles>): void {
  const refuse = (key: string, message: string) =>
    issues.push({ code: "custom", input: value, path: [key], message });
  if (value.target !== "bundle") {
    for (const key of Object.keys(bundleSettings))
      if (Object.hasOwn(value, key)) refuse(key, "has an effect with the target 'bundle' only");
  }
  const { channels, default_channel: first } = value;
  if (channels && first !== undefined && !channels.includes(first))
    refuse("default_channel", `must be one of the channels ${JSON.stringify(channels)}`);
}

/** The repository's name, which fills the place, is itself of a path. */
function isTemplate(value: string): boolean {
  return value.split(PLACE).length === 2 && PATH.test(value.replace(PLACE, "repository"));
}

function isRegistry(value: string): boolean {
  if (HOST.test(value)) return URL.canParse(`https://${value}`);
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  return /^https?:$/.test(parsed?.protocol ?? "") && parsed?.href === `${parsed?.origin}/`;
}
