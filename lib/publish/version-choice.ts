import type { Repository } from "../release/index.ts";
import type { Publisher } from "./publisher.ts";
import { checkVersion, nextVersion } from "./version.ts";

/** How often an auto-chosen version that turns out to be taken is chosen anew. */
export const MAX_VERSION_CHOICES = 5;

type Chooser = Pick<Publisher, "target" | "config" | "journal" | "log">;

/** The given version once, or as many as it takes to find a free one. */
export class VersionChoice {
  readonly given: string | undefined;
  readonly #publisher: Chooser;
  readonly #repository: Repository;

  /** @throws InvalidVersionFormatError */
  constructor(publisher: Chooser, repository: Repository, given: string | undefined) {
    this.#publisher = publisher;
    this.#repository = repository;
    this.given = given === undefined ? undefined : checkVersion(given);
  }

  /** Throws the errors of a listing. */
  async first(): Promise<string> {
    return this.given ?? (await this.#choose([]));
  }

  /** The next choice after `taken`, or undefined where there is none to make. Throws as `first`. */
  async after(taken: readonly string[]): Promise<string | undefined> {
    if (this.given !== undefined || taken.length >= MAX_VERSION_CHOICES) return undefined;
    this.#publisher.log.warn("The chosen version is taken", { ...this.#repository, taken });
    return this.#choose(taken);
  }

  async #choose(taken: readonly string[]): Promise<string> {
    const { target, config, journal } = this.#publisher;
    const listed = await journal.step("list_versions", () => target.listVersions(this.#repository));
    // Another caller's private release may be taken without being listed.
    return nextVersion([...listed, ...taken], config.default_release_version);
  }
}
