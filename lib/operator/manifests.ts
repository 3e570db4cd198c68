import { loadYaml, type Value, ValueBudget, YamlError } from "./yaml/index.ts";

/** Relative path with "/" to the bytes of the file; directories are implied by the paths. */
export type FileMap = ReadonlyMap<string, Uint8Array>;

/** A YAML file of a package, read. */
export interface Manifest {
  readonly path: string;
  readonly value: Value;
}

/** What reading a file came to. */
type Reading = { readonly value: Value } | { readonly error: YamlError };

/** A YAML file that cannot be read, and why. The message names file, line and column. */
export class UnreadableManifest extends Error {
  readonly path: string;

  constructor(path: string, cause: YamlError) {
    super(`${path}: ${cause.message}`, { cause });
    this.name = "UnreadableManifest";
    this.path = path;
  }
}

const TAB = 0x09;
const SPACE = 0x20;

/** Whether Python's `splitext` finds the extension .yaml or .yml, and so operator-courier reads the file. */
export function isManifestPath(path: string): boolean {
  return /(?:^|\/)\.*[^./][^/]*\.ya?ml$/.test(path);
}

/** Orders by the bytes of the names, the one order that does not depend on a file system. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * The files of a package. Each YAML file is decoded and parsed at most once, when first looked at,
 * whatever the number of steps that look at it. The files given must not be changed afterwards.
 */
export class Manifests {
  readonly files: FileMap;
  readonly #readings: Map<string, Reading>;
  readonly #budget = new ValueBudget();

  constructor(files: FileMap) {
    this.files = files;
    this.#readings = new Map();
  }

  /** Paths of the files that operator-courier reads as YAML if they stand where it looks. */
  get yamlPaths(): string[] {
    return [...this.files.keys()].filter(isManifestPath).sort(byBytes);
  }

  /**
   * The text of a file, as it stands there.
   *
   * @throws TypeError where it is not UTF-8, Error where there is no such file.
   */
  text(path: string): string {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.#bytes(path));
  }

  /** The package with other texts for some of its files. What is unchanged is not parsed again. */
  withTexts(texts: ReadonlyMap<string, string>): Manifests {
    const changed = new Manifests(
      new Map([
        ...this.files,
        ...[...texts].map(([path, text]): [string, Uint8Array] => [path, Buffer.from(text)]),
      ]),
    );
    for (const [path, reading] of this.#readings) if (!texts.has(path)) changed.#readings.set(path, reading);
    return changed;
  }

  /** @throws UnreadableManifest where PyYAML could not read the file either. */
  read(path: string): Manifest {
    const reading = this.#readings.get(path) ?? this.#load(path);
    if ("error" in reading) throw new UnreadableManifest(path, reading.error);
    return { path, value: reading.value };
  }

  #load(path: string): Reading {
    const bytes = this.#bytes(path);
    const reading = load(isJsonPath(path) ? withoutTabs(bytes) : bytes, this.#budget);
    this.#readings.set(path, reading);
    return reading;
  }

  #bytes(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new Error(`the package has no file ${path}`);
    return bytes;
  }
}

/** Whether the file's name says that it is JSON, which YAML reads too, but for the tabs. */
export function isJsonPath(path: string): boolean {
  return /\.json$/i.test(path);
}

/** In JSON a tab is white space between values, never a part of one. */
function withoutTabs(bytes: Uint8Array): Uint8Array {
  return bytes.includes(TAB) ? bytes.map((byte) => (byte === TAB ? SPACE : byte)) : bytes;
}

function load(bytes: Uint8Array, budget: ValueBudget): Reading {
  try {
    return { value: loadYaml(bytes, budget) };
  } catch (error) {
    if (error instanceof YamlError) return { error };
    throw error;
  }
}
