import { Images } from "../registry/images.ts";
import type { RepositoryRight, Visibility } from "./seed.ts";
import { compareVersions } from "./version.ts";

export interface StoredBlob {
  readonly digest: string;
  /** Of the first upload; later ones replace the bytes only. */
  readonly size: number;
  bytes: Buffer;
}

export interface Manifest {
  /** `sha256:` and the digest of the manifest's own JSON. */
  readonly digest: string;
  readonly blob: StoredBlob;
}

export interface Release {
  readonly name: string;
  /** The short name, such as `helm`. */
  readonly mediaType: string;
  readonly manifest: Manifest;
  readonly pushedAt: Date;
}

export interface RepositoryOptions {
  readonly namespace: string;
  readonly name: string;
  readonly kind: "application" | "image";
  readonly visibility: Visibility;
  readonly rights: Iterable<readonly [string, RepositoryRight]>;
}

export class Repository {
  readonly namespace: string;
  readonly name: string;
  readonly kind: "application" | "image";
  readonly rights: Map<string, RepositoryRight>;
  visibility: Visibility;
  /** Of one of images only. */
  readonly images = new Images();
  readonly #live: Release[] = [];
  /** Release and second of each deletion: the database holds a pair only once. */
  readonly #ended = new Set<string>();

  constructor({ namespace, name, kind, visibility, rights }: RepositoryOptions) {
    this.namespace = namespace;
    this.name = name;
    this.kind = kind;
    this.visibility = visibility;
    this.rights = new Map(rights);
  }

  get fullName(): string {
    return `${this.namespace}/${this.name}`;
  }

  /** One for each release and media type, in the order of their push. */
  get live(): readonly Release[] {
    return this.#live;
  }

  /** Highest version first; a release that was pushed twice at once is there twice. */
  releaseNames(): string[] {
    const rows = this.#live.filter(
      (row, index) =>
        !this.#live
          .slice(0, index)
          .some((other) => other.name === row.name && other.mediaType !== row.mediaType),
    );
    return rows.map((row) => row.name).sort((a, b) => compareVersions(b, a));
  }

  find(name: string, mediaType: string): Release | undefined {
    return this.#live.find((row) => row.name === name && row.mediaType === mediaType);
  }

  add(release: Release): void {
    this.#live.push(release);
  }

  /** False when the release was already deleted once within this very second: then it stays. */
  end(release: Release, now: Date): boolean {
    const ending = `${release.name} ${Math.floor(now.getTime() / 1000)}`;
    if (this.#ended.has(ending)) return false;
    this.#ended.add(ending);
    this.#live.splice(this.#live.indexOf(release), 1);
    return true;
  }
}
