import { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import type { Manifests } from "../manifests.ts";
import { describe } from "../python.ts";
import { Dict } from "../yaml/index.ts";
import { ANNOTATIONS_FILE, ANNOTATIONS_NAME, CHANNELS, DEFAULT_CHANNEL } from "./annotation-names.ts";
import {
  type Annotations,
  annotationsText,
  type BundleDescription,
  channelsIn,
  readAnnotations,
  requiredAnnotations,
  withAnnotations,
} from "./annotations.ts";
import type { BundleDraft, BundleMetadata } from "./draft.ts";
import { guarded } from "./guarded.ts";
import type { IdentifiedBundle } from "./identify.ts";
import { MAX_METADATA_FILE_BYTES } from "./limits.ts";
import { type FileTree, fileTree, readDirectory, subdirectories } from "./manifest-files.ts";
import type { BundleSettings } from "./operator-bundle.ts";
import { type BundleParts, partsOfBundle } from "./parts.ts";
import { PushSize } from "./push-size.ts";

/**
 * The bundle of an archive that has the format of bundles: its files as they are. What its annotations.yaml does
 * not say, the configuration does; there is no guessing of channels.
 *
 * @throws UnusableField for more than one push may make
 */
export function bundleDrafts(
  manifests: Manifests,
  operator: IdentifiedBundle,
  packageName: string,
  settings: BundleSettings,
  findings: Findings,
): readonly BundleDraft[] {
  const tree = fileTree(manifests);
  const [parts] = partsOfBundle(manifests, tree, operator.manifests, findings);
  if (!parts) {
    findings.error(
      new Field(`${operator.manifests}*`, null),
      "Expected a ClusterServiceVersion, but there is none.",
    );
  }
  const metadata = metadataOf(manifests, operator, packageName, settings, findings);
  const others = otherMetadata(manifests, operator, tree, findings);
  if (!parts) return [];
  const files = metadata && new Map([...others, ...metadata.files]);
  if (files) {
    const size = new PushSize(operator.annotations ?? parts.csv.path);
    size.add(parts.files.length + files.size, metadata.annotations);
  }
  return [{ parts: withoutBeside(parts, operator), metadata: metadata && files && { ...metadata, files } }];
}

/** Directories beside manifests in the root are no concern of the bundle's. */
function withoutBeside(parts: BundleParts, { manifests }: IdentifiedBundle): BundleParts {
  if (manifests !== "") return parts;
  return { ...parts, leftOut: parts.leftOut.filter((path) => !path.endsWith("/")) };
}

/** With the annotations as its only file: those that are there, or new ones. */
function metadataOf(
  manifests: Manifests,
  operator: IdentifiedBundle,
  packageName: string,
  settings: BundleSettings,
  findings: Findings,
): BundleMetadata | undefined {
  const path = operator.annotations;
  const given = path === undefined ? new Map() : readAnnotations(manifests, path, findings);
  const description = given && describeBundle(operator, given, packageName, settings, findings);
  if (!(given && description)) return undefined;
  const required = requiredAnnotations(description);
  const annotations = new Map([...given, ...required]);
  const file =
    path === undefined
      ? Buffer.from(annotationsText(annotations))
      : guarded(path, findings, () => withAnnotations(manifests, path, required));
  return file && { description, annotations, files: new Map([[ANNOTATIONS_NAME, file]]) };
}

function describeBundle(
  { annotations: path = ANNOTATIONS_FILE }: IdentifiedBundle,
  given: Annotations,
  packageName: string,
  settings: BundleSettings,
  findings: Findings,
): BundleDescription | undefined {
  const channels = channelsIn(path, given, findings) ?? settings.channels;
  if (!channels) {
    findings.error(
      new Field(path, null),
      `Expected the annotation ${CHANNELS} with the channels of the bundle. Add it, or set channels in the configuration of the organization.`,
    );
    return undefined;
  }
  const own = given.get(DEFAULT_CHANNEL)?.trim();
  if (own === "" && settings.defaultChannel === undefined) {
    findings.error(
      new Field(path, own, `annotations.${DEFAULT_CHANNEL}`),
      `Expected the annotation ${DEFAULT_CHANNEL} to name a channel, but it is empty. Write one, or remove it.`,
    );
  }
  const defaultChannel = own || settings.defaultChannel;
  if (defaultChannel !== undefined && !channels.includes(defaultChannel)) {
    const text = `Its default channel is ${describe(defaultChannel)}, but its channels are ${channels.slice(0, 10).join(", ")}.`;
    const at = new Field(path, defaultChannel, `annotations.${DEFAULT_CHANNEL}`);
    // A version in alpha only may well say that the operator's default is stable.
    if (own) findings.warn(at, text);
    else findings.error(at, `${text} Correct default_channel in the configuration of the organization.`);
  }
  return { packageName: packageName.trim(), channels, defaultChannel };
}

/** Files of metadata/ besides the annotations, by their names there, as they are. */
function otherMetadata(
  manifests: Manifests,
  { metadata, annotations }: IdentifiedBundle,
  tree: FileTree,
  findings: Findings,
): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  if (metadata === undefined) return files;
  for (const path of tree.get(metadata) ?? []) {
    const name = path.slice(metadata.length);
    const bytes = manifests.files.get(path);
    if (name.startsWith(".") || !bytes) continue;
    checkFileSize(path, bytes, findings);
    if (path !== annotations) files.set(name, bytes);
  }
  for (const { object } of readDirectory(manifests, tree, metadata, findings).files) {
    if (object.file === annotations) continue;
    // opm takes the first file that has some, whatever its name is.
    if (object.value instanceof Dict && object.value.has("annotations")) {
      findings.error(object, `Expected annotations in ${ANNOTATIONS_FILE} only. Move them there.`);
    }
  }
  for (const path of [...subdirectories(tree, metadata), ...scorecardTests(tree, metadata)]) {
    findings.warn(new Field(path, null), "It does not come into the bundle, which OLM reads without it.");
  }
  return files;
}

function checkFileSize(path: string, { length }: Uint8Array, findings: Findings): void {
  if (length <= MAX_METADATA_FILE_BYTES) return;
  findings.error(
    new Field(path, null),
    `Expected at most ${MAX_METADATA_FILE_BYTES} bytes in a file of metadata/, but it has ${length}. Make it smaller.`,
  );
}

/** Some images of bundles hold the tests of scorecard beside the two directories; OLM does not know of them. */
function scorecardTests(tree: FileTree, metadata: string): readonly string[] {
  const tests = metadata.replace(/metadata\/$/, "tests/");
  return subdirectories(tree, metadata.replace(/metadata\/$/, "")).filter((path) => path === tests);
}
