import { gzipSync } from "node:zlib";
import { contentDigest, sha256 } from "./blob.ts";
import { contentMediaType, knownMediaType, manifestMediaType } from "./media-type.ts";
import { sortedJson } from "./python-json.ts";
import { type Manifest, Repository, type StoredBlob } from "./repository.ts";
import type { QuaySeed, ReleaseSeed, RepositorySeed, Visibility } from "./seed.ts";

/** A tar.gz on its way in, with what Quay works out about it. */
export interface Parcel {
  readonly release: string;
  readonly mediaType: string;
  readonly tarGz: Buffer;
  readonly contentDigest: string;
  readonly manifestDigest: string;
}

export function packParcel(release: string, mediaType: string, tarGz: Buffer): Parcel {
  const digest = contentDigest(tarGz);
  const content = { digest, mediaType: contentMediaType(mediaType), size: tarGz.length, urls: [] };
  const manifest = sortedJson({ content, mediaType: manifestMediaType(mediaType) });
  return { release, mediaType, tarGz, contentDigest: digest, manifestDigest: `sha256:${sha256(manifest)}` };
}

function splitName(fullName: string): readonly [string, string] {
  const [namespace, name, ...rest] = fullName.split("/");
  if (!namespace || !name || rest.length > 0) {
    throw new TypeError(`A repository is named "organization/repository", not "${fullName}"`);
  }
  return [namespace, name];
}

/** Repositories, and the blobs that all of them share. */
export class Registry {
  readonly #now: () => Date;
  /** In the order of their making, which is that of Quay's ids. */
  readonly #repositories = new Map<string, Repository>();
  readonly #blobs = new Map<string, StoredBlob>();
  readonly #manifests = new Set<string>();

  constructor(seed: QuaySeed, now: () => Date) {
    this.#now = now;
    for (const repository of seed.repositories ?? []) this.#plant(repository);
  }

  repository(namespace: string, name: string): Repository | undefined {
    return this.#repositories.get(`${namespace}/${name}`);
  }

  application(namespace: string, name: string): Repository | undefined {
    const repository = this.repository(namespace, name);
    return repository?.kind === "application" ? repository : undefined;
  }

  ofKind(kind: Repository["kind"]): Repository[] {
    return [...this.#repositories.values()].filter((repository) => repository.kind === kind);
  }

  createApplication(namespace: string, name: string, visibility: Visibility, creator: string): Repository {
    return this.#keep(
      new Repository({ namespace, name, kind: "application", visibility, rights: [[creator, "admin"]] }),
    );
  }

  createImages(namespace: string, name: string, creator: string): Repository {
    return this.#keep(
      new Repository({
        namespace,
        name,
        kind: "image",
        visibility: "private",
        rights: [[creator, "admin"]],
      }),
    );
  }

  remove(namespace: string, name: string): void {
    this.#repositories.delete(`${namespace}/${name}`);
  }

  blob(digest: string): StoredBlob | undefined {
    return this.#blobs.get(digest);
  }

  knowsManifest(digest: string): boolean {
    return this.#manifests.has(digest);
  }

  addRelease(repository: Repository, parcel: Parcel, pushedAt = this.#now()): void {
    const { release: name, mediaType } = parcel;
    repository.add({ name, mediaType, manifest: this.#store(parcel), pushedAt });
  }

  /** The same tar in another gzip replaces the bytes for everyone, and leaves the size of the first upload. */
  #store({ tarGz, contentDigest: digest, manifestDigest }: Parcel): Manifest {
    const blob = this.#blobs.get(digest) ?? { digest, size: tarGz.length, bytes: tarGz };
    blob.bytes = tarGz;
    this.#blobs.set(digest, blob);
    this.#manifests.add(manifestDigest);
    return { digest: manifestDigest, blob };
  }

  #keep(repository: Repository): Repository {
    this.#repositories.set(repository.fullName, repository);
    return repository;
  }

  #plant({
    name: fullName,
    kind = "application",
    visibility = "private",
    rights = {},
    releases = [],
  }: RepositorySeed): void {
    const [namespace, name] = splitName(fullName);
    const repository = this.#keep(
      new Repository({ namespace, name, kind, visibility, rights: Object.entries(rights) }),
    );
    for (const release of releases) {
      this.#plantRelease(repository, typeof release === "string" ? { release } : release);
    }
  }

  #plantRelease(
    repository: Repository,
    { release, content, mediaType = "helm", pushedAt }: ReleaseSeed,
  ): void {
    const known = knownMediaType(mediaType);
    if (known === undefined) throw new TypeError(`Quay does not know the media type "${mediaType}"`);
    const tarGz = Buffer.from(content ?? gzipSync(`${repository.fullName} ${release}`));
    this.addRelease(repository, packParcel(release, known, tarGz), pushedAt);
  }
}
