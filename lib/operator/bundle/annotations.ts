import { MappingEdit, splice, withLineFeeds } from "../edit/index.ts";
import { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import type { Manifests } from "../manifests.ts";
import { describe } from "../python.ts";
import { blockText, Dict } from "../yaml/index.ts";
import { CHANNELS, DEFAULT_CHANNEL, FIXED, PACKAGE } from "./annotation-names.ts";
import { CHANNEL } from "./channels.ts";
import { readValue } from "./manifest-files.ts";

/** Names to values. */
export type Annotations = ReadonlyMap<string, string>;

/** What a bundle tells of itself. */
export interface BundleDescription {
  readonly packageName: string;
  readonly channels: readonly string[];
  readonly defaultChannel?: string | undefined;
}

/** The annotations that a bundle must have. */
export function requiredAnnotations({
  packageName,
  channels,
  defaultChannel,
}: BundleDescription): Annotations {
  return new Map([
    ...FIXED,
    [PACKAGE, packageName],
    [CHANNELS, channels.join(",")],
    ...(defaultChannel === undefined ? [] : [[DEFAULT_CHANNEL, defaultChannel] as const]),
  ]);
}

/**
 * Reads an annotations.yaml, and checks what is the same in each bundle.
 *
 * @returns undefined where it holds none, with an error in the findings
 */
export function readAnnotations(
  manifests: Manifests,
  path: string,
  findings: Findings,
): Annotations | undefined {
  const value = readValue(manifests, path, findings);
  if (value === undefined) return undefined;
  const annotations = value instanceof Dict ? value.get("annotations") : undefined;
  if (!(annotations instanceof Dict)) {
    findings.error(
      new Field(path, value),
      "Expected a mapping with the key annotations, and a mapping in it. Write one.",
    );
    return undefined;
  }
  const texts = new Map<string, string>();
  for (const [name, text] of annotations.entries()) {
    if (typeof name === "string" && typeof text === "string") texts.set(name, text);
    else {
      const shown = typeof name === "string" ? name.slice(0, 255) : describe(name);
      findings.error(
        new Field(path, text, "annotations"),
        `Expected the annotation ${shown} to be a text, but it is ${describe(text)}. Put it in quotes.`,
      );
    }
  }
  checkFixed(path, texts, findings);
  return texts;
}

function checkFixed(path: string, annotations: Annotations, findings: Findings): void {
  for (const [name, expected] of FIXED) {
    const value = annotations.get(name);
    if (value === undefined || withSlash(value, expected) === expected) continue;
    findings.error(
      new Field(path, value, `annotations.${name}`),
      `Expected the annotation ${name} to be ${expected}, but it is ${describe(value)}. Correct it.`,
    );
  }
}

/** A directory may be written without the slash at its end. */
function withSlash(value: string, expected: string): string {
  const trimmed = value.trim();
  return expected.endsWith("/") && !trimmed.endsWith("/") ? `${trimmed}/` : trimmed;
}

/** The channels in an annotation; undefined where there are none. */
export function channelsIn(
  path: string,
  annotations: Annotations,
  findings: Findings,
): readonly string[] | undefined {
  const names = (annotations.get(CHANNELS) ?? "").split(",").map((name) => name.trim());
  const channels = [...new Set(names.filter((name) => name !== ""))];
  const bad = channels.find((name) => !CHANNEL.test(name));
  if (bad !== undefined) {
    findings.error(
      new Field(path, bad, `annotations.${CHANNELS}`),
      `Expected channels without blanks and with commas between, but one is ${describe(bad)}. Correct it.`,
    );
  }
  return channels.length === 0 ? undefined : channels;
}

/** A new annotations.yaml. */
export function annotationsText(annotations: Annotations): string {
  const lines = [...annotations].map(([name, value]) => `  ${blockText(name)}: ${blockText(value)}\n`);
  return `annotations:\n${lines.join("")}`;
}

/**
 * Sets annotations in an annotations.yaml: nothing else in it changes, and nothing at all where it has them.
 *
 * @throws PackageValidationError where they stand where they cannot be changed alone
 */
export function withAnnotations(manifests: Manifests, path: string, annotations: Annotations): Uint8Array {
  const { value } = manifests.read(path);
  const text = manifests.text(path);
  const edit = new MappingEdit(path, withLineFeeds(text));
  if (value instanceof Dict) edit.set(value, ["annotations"], annotations);
  if (edit.changes.length === 0) return manifests.files.get(path) ?? new Uint8Array();
  const changed = manifests.withTexts(new Map([[path, splice(text, edit.changes)]]));
  const after = changed.read(path).value;
  const set = after instanceof Dict ? after.get("annotations") : undefined;
  for (const [name, wanted] of annotations) {
    if (!(set instanceof Dict) || set.get(name) !== wanted)
      edit.fail(`${name} cannot be set, write it on one line`);
  }
  return changed.files.get(path) ?? new Uint8Array();
}
