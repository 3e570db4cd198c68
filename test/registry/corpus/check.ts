import { isDeepStrictEqual } from "node:util";
import { YAMLException } from "js-yaml";
import { readPackage } from "../../../bin/verify/judgement.ts";
import { catalogOf } from "../catalog.ts";
import type { Opm, RenderedBundle } from "../opm.ts";
import type { InspectedImage, Skopeo } from "../skopeo.ts";
import { type PackedBundle, type Publisher, packedBundles } from "./bundles.ts";
import { type ExpectedPackage, type ExpectedVersion, expectedPackage } from "./expected.ts";

/**
 * Right; not published, because it breaks a rule; not published, because it cannot be told what would be right; or not
 * as it should be.
 */
export const OUTCOMES = ["good", "refused", "unread", "bad"] as const;

type Outcome = (typeof OUTCOMES)[number];

/** What came of one package. */
export interface PackageResult {
  readonly path: string;
  readonly outcome: Outcome;
  /** How many images were published. */
  readonly images: number;
  /** Why it is not good. */
  readonly reasons: readonly string[];
}

/** Who publishes, and who judges what was published. */
export interface Peers {
  readonly publisher: Publisher;
  readonly skopeo: Skopeo;
  readonly opm: Opm;
}

/** What others see of one bundle. */
interface Published {
  readonly packed: PackedBundle;
  readonly inspected: InspectedImage;
  readonly rendered: RenderedBundle;
}

const LABEL = "operators.operatorframework.io.bundle";

/**
 * Publishes all bundles of a package with our code, and compares what skopeo and opm see with the package's own files.
 *
 * @param organization that holds nothing yet
 */
export async function checkPackage(path: string, organization: string, peers: Peers): Promise<PackageResult> {
  let images = 0;
  try {
    const files = await readPackage(path);
    const packed = await packedBundles(files);
    if (typeof packed === "string") return { path, outcome: "refused", images, reasons: [packed] };
    const expected = expectedPackage(files);
    images = packed.length;
    const published = await publish(packed, { organization, repository: expected.packageName }, peers);
    const reasons = [...differences(expected, published), ...(await refusalOf(expected, published, peers))];
    return { path, outcome: reasons.length === 0 ? "good" : "bad", images, reasons };
  } catch (error) {
    const outcome = error instanceof YAMLException ? "unread" : "bad";
    return { path, outcome, images, reasons: [textOf(error)] };
  }
}

async function publish(
  packed: readonly PackedBundle[],
  repository: { readonly organization: string; readonly repository: string },
  { publisher, skopeo, opm }: Peers,
): Promise<readonly Published[]> {
  const references = await publisher.push(repository, packed);
  const rendered = await opm.render(references);
  const inspected = await Promise.all(references.map((reference) => skopeo.inspect(reference)));
  return packed.flatMap((each, index) => {
    const [seen, made] = [inspected[index], rendered[index]];
    return seen && made ? [{ packed: each, inspected: seen, rendered: made }] : [];
  });
}

function differences(expected: ExpectedPackage, published: readonly Published[]): readonly string[] {
  const released = expected.versions.filter(({ channels }) => channels.length > 0);
  const names = published.map(({ rendered }) => rendered.name);
  return [
    ...compare("CSVs", names.sort(), released.map(({ name }) => name).sort()),
    ...released.flatMap((version) => {
      const found = published.find(({ rendered }) => rendered.name === version.name);
      return found ? differencesOf(expected, version, found) : [];
    }),
  ];
}

function differencesOf(
  { packageName, defaultChannel }: ExpectedPackage,
  { name, version, channels, owned, required }: ExpectedVersion,
  { packed, inspected, rendered }: Published,
): readonly string[] {
  const { labels, digest } = inspected;
  const provided = new Set(rendered.provided);
  return [
    ...compare("digest", digest, packed.image.digest),
    ...compare("package", rendered.packageName, packageName),
    ...compare("package in the labels", labels[`${LABEL}.package.v1`], packageName),
    ...compare("version", rendered.version, version),
    ...compare("channels", (labels[`${LABEL}.channels.v1`] ?? "").split(",").sort(), channels),
    ...(defaultChannel === undefined
      ? []
      : compare("default channel", labels[`${LABEL}.channel.default.v1`], defaultChannel)),
    ...compare(
      "owned kinds that it does not provide",
      owned.filter((gvk) => !provided.has(gvk)),
      [],
    ),
    ...compare("required kinds", rendered.required, required),
  ].map((difference) => `${name}: ${difference}`);
}

function compare(what: string, got: unknown, expected: unknown): readonly string[] {
  if (isDeepStrictEqual(got, expected)) return [];
  return [`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`];
}

/** What opm says to a catalog of the package; empty where it takes it. */
async function refusalOf(
  { packageName, defaultChannel, versions }: ExpectedPackage,
  published: readonly Published[],
  { opm }: Peers,
): Promise<readonly string[]> {
  const entries = published.map(({ rendered, inspected }) => {
    const upgrade = versions.find(({ name }) => name === rendered.name);
    const channels = (inspected.labels[`${LABEL}.channels.v1`] ?? "").split(",");
    const { replaces, skips, skipRange } = upgrade ?? {};
    return { bundle: rendered, channels, replaces, skips, skipRange };
  });
  const channel = defaultChannel ?? entries[0]?.channels[0] ?? "";
  try {
    await opm.validate(catalogOf(packageName, channel, entries));
    return [];
  } catch (error) {
    return [textOf(error)];
  }
}

function textOf(error: unknown): string {
  // The message of this one shows the place in some lines.
  if (error instanceof YAMLException) return error.reason;
  return error instanceof Error ? error.message : String(error);
}
