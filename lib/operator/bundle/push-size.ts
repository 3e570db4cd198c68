import { UnusableField } from "../field.ts";
import type { Annotations } from "./annotations.ts";
import { MAX_ANNOTATIONS_LENGTH, MAX_BUNDLES, MAX_FILES } from "./limits.ts";

/** Counts what an archive makes, before work is done for it: from a small one it can be much. */
export class PushSize {
  readonly #path: string;
  #bundles = 0;
  #files = 0;
  #length = 0;

  /** @param path of the file that tells what the archive holds */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Adds a bundle.
   *
   * @param files of the bundle, those of metadata/ among them
   * @throws UnusableField beyond a limit
   */
  add(files: number, annotations: Annotations): void {
    this.#bundles += 1;
    this.#files += files;
    for (const [name, value] of annotations) this.#length += name.length + value.length;
    this.#atMost(MAX_BUNDLES, this.#bundles, "bundles");
    this.#atMost(MAX_FILES, this.#files, "files in all its bundles");
    this.#atMost(MAX_ANNOTATIONS_LENGTH, this.#length, "characters in the annotations of all its bundles");
  }

  #atMost(limit: number, count: number, what: string): void {
    if (count <= limit) return;
    throw new UnusableField(
      `${this.#path}: Expected the archive to make at most ${limit} ${what}, but it makes more. Split it up.`,
    );
  }
}
