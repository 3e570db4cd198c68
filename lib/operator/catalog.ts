import { type Manifests, UnreadableManifest } from "./manifests.ts";
import { at, textAt } from "./summary.ts";
import type { Value } from "./yaml/index.ts";

/** ClusterServiceVersions of a package that are described; the largest of community-operators have about 100. */
export const MAX_CSVS = 500;

/** Owned resources of one, and versions that it skips. */
export const MAX_ITEMS_DESCRIBED = 100;

/** Characters of a name or another short text. */
export const MAX_SHORT_TEXT = 300;

/** Characters of an operator's description; real ones have up to 15,000. */
export const MAX_DESCRIPTION = 20_000;

/** Characters of all texts but the icons together: an answer of Lambda's has 6 MB, and JSON may make six of one. */
export const MAX_TEXTS = 300_000;

/** Base64 characters of all icons together. */
export const MAX_ICONS = 256 * 1024;

/** What a catalog would show of an operator. A text is null where there is none, or no room for it any more. */
export interface CsvDescription {
  readonly name: string;
  readonly version: string | null;
  readonly replaces: string | null;
  readonly skips: readonly string[];
  readonly display_name: string | null;
  readonly provider: string | null;
  /** Markdown of whoever made the package. */
  readonly description: string | null;
  readonly icon: { readonly mediatype: string; readonly base64data: string } | null;
  readonly capabilities: string | null;
  /** As it stands there: names with commas between. */
  readonly categories: string | null;
  /** Those that it owns. */
  readonly crds: readonly CrdDescription[];
}

export interface CrdDescription {
  readonly name: string;
  readonly kind: string | null;
  readonly version: string | null;
  readonly display_name: string | null;
  readonly description: string | null;
}

/** A ClusterServiceVersion with the part of its description that everyone has. */
interface Found {
  readonly csv: Value;
  readonly place: Pick<CsvDescription, "name" | "version" | "replaces" | "skips">;
}

/**
 * Describes the ClusterServiceVersions in the root and the directories of a package, valid or not. What cannot be read is
 * left out, as is what has no name.
 *
 * @param heads names that channels offer: their texts and icons come first where there is no room for all
 */
export function describeCsvs(manifests: Manifests, heads: ReadonlySet<string>): CsvDescription[] {
  const room = new Room();
  const found = csvsOf(manifests)
    .flatMap((csv) => placeOf(csv, room) ?? [])
    .slice(0, MAX_CSVS);
  const rank = ({ place }: Found) => (heads.has(place.name) ? 0 : 1);
  const details = new Map(
    found.toSorted((a, b) => rank(a) - rank(b)).map((each) => [each, detailsOf(each.csv, room)]),
  );
  return found.map((each) => ({ ...each.place, ...(details.get(each) ?? detailsOf(null, room)) }));
}

function csvsOf(manifests: Manifests): Value[] {
  return manifests.yamlPaths
    .filter((path) => path.split("/").length <= 2)
    .flatMap((path) => readable(manifests, path) ?? [])
    .filter((value) => textAt(value, "kind") === "ClusterServiceVersion");
}

function readable(manifests: Manifests, path: string): [Value] | undefined {
  try {
    return [manifests.read(path).value];
  } catch (error) {
    if (error instanceof UnreadableManifest) return undefined;
    throw error;
  }
}

function placeOf(csv: Value, room: Room): Found | undefined {
  const name = room.text(textAt(at(csv, "metadata"), "name"));
  if (!name) return undefined;
  const spec = at(csv, "spec");
  const version = room.text(textAt(spec, "version"));
  const replaces = room.text(textAt(spec, "replaces"));
  const skips = listAt(spec, "skips").flatMap((each) => room.text(each) ?? []);
  return { csv, place: { name, version, replaces, skips } };
}

function detailsOf(csv: Value, room: Room): Omit<CsvDescription, keyof Found["place"]> {
  const spec = at(csv, "spec");
  const annotations = at(at(csv, "metadata"), "annotations");
  return {
    display_name: room.text(textAt(spec, "displayName")),
    provider: room.text(textAt(at(spec, "provider"), "name")),
    capabilities: room.text(textAt(annotations, "capabilities")),
    categories: room.text(textAt(annotations, "categories")),
    description: room.text(textAt(spec, "description"), MAX_DESCRIPTION),
    icon: room.icon(listAt(spec, "icon")[0]),
    crds: listAt(at(spec, "customresourcedefinitions"), "owned").flatMap((crd) => describeCrd(crd, room)),
  };
}

function describeCrd(crd: Value, room: Room): CrdDescription[] {
  const name = room.text(textAt(crd, "name"));
  if (!name) return [];
  return [
    {
      name,
      kind: room.text(textAt(crd, "kind")),
      version: room.text(textAt(crd, "version")),
      display_name: room.text(textAt(crd, "displayName")),
      description: room.text(textAt(crd, "description")),
    },
  ];
}

/** What is left of the characters that all descriptions of a package may have together. */
class Room {
  #texts = MAX_TEXTS;
  #icons = MAX_ICONS;

  /** The text, cut where it is too long; null for what is none, or where there is no room. */
  text(value: Value | undefined, most = MAX_SHORT_TEXT): string | null {
    if (typeof value !== "string") return null;
    const text = cut(value, Math.min(most, this.#texts));
    this.#texts -= text.length;
    return text === "" && value !== "" ? null : text;
  }

  /** The icon; null for what is none, or where there is no room for all of it. */
  icon(value: Value | undefined): CsvDescription["icon"] {
    const base64data = textAt(value, "base64data");
    const mediatype = this.text(textAt(value, "mediatype"));
    if (base64data === undefined || mediatype === null || base64data.length > this.#icons) return null;
    this.#icons -= base64data.length;
    return { mediatype, base64data };
  }
}

/** Does not cut a character in two. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
}

function listAt(value: Value | undefined, key: string): readonly Value[] {
  const list = at(value, key);
  return Array.isArray(list) ? list.slice(0, MAX_ITEMS_DESCRIBED) : [];
}
