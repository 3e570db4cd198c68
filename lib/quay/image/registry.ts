import { InvalidVersionFormatError, OmpsError } from "../../errors/index.ts";
import {
  type HttpClient,
  type HttpResponse,
  NetworkError,
  TimeoutError,
  UpstreamError,
} from "../../http/index.ts";
import type {
  BundleImage,
  BundleRegistry,
  Found,
  Release,
  ReleaseFacts,
  Repository,
} from "../../release/index.ts";
import type { Secret } from "../../telemetry/index.ts";
import { packageNotFound } from "../answer.ts";
import { notPushed } from "../outcome.ts";
import { isRefusal } from "../refusal.ts";
import { RepositoryApi } from "../repository-api.ts";
import { unexpected } from "./answer.ts";
import { Connection } from "./connection.ts";
import { deleteTag } from "./deletion.ts";
import { digestOfTag } from "./manifest.ts";
import { pushFailed, requestFailed } from "./refusal.ts";
import { MAX_TAG_LENGTH, tagOf, versionsOf } from "./tag.ts";
import { listTags } from "./tags.ts";
import { uploadBlob } from "./upload.ts";

export interface ImageRegistryOptions {
  /** Address of the registry. Http only for tests and private networks: what is configured so is asked so. */
  readonly registry: URL;
  /** Address of Quay, for what the registry's API cannot do; its tokens may come from there too. */
  readonly quayUrl: string;
  /** The caller's Authorization header: `basic BASE64(user:password)`. */
  readonly authorization: string;
  /** The registry's name for a repository. */
  readonly repositoryName: (repository: string) => string;
  /** Milliseconds since some moment, by which tokens grow old; the machine's unless told. */
  readonly now?: () => number;
}

/**
 * A registry of images, by the OCI distribution API. A release is the tag `v<version>`.
 *
 * A tag can be moved: that a release keeps its content is the caller's to hold, who looks with `digestOf` before it
 * pushes, and keeps others out of the repository meanwhile. The registry does neither.
 */
export class ImageRegistry implements BundleRegistry {
  readonly kind = "bundle";
  readonly #http: HttpClient;
  readonly #options: ImageRegistryOptions;
  readonly #api: RepositoryApi;
  /** With the tokens that they have got. */
  readonly #connections = new Map<string, Connection>();

  constructor(http: HttpClient, options: ImageRegistryOptions) {
    this.#http = http.to("quay");
    this.#options = options;
    this.#api = new RepositoryApi(this.#http, options.quayUrl.replace(/\/+$/, ""));
  }

  /**
   * Throws QuayAuthorizationError for credentials that are wrong, or QuayPackageError. What the caller must not see has
   * no releases: Quay tells it from an unknown repository as little as from a new one.
   */
  async listVersions(repository: Repository): Promise<readonly string[]> {
    const connection = this.#connection(repository);
    try {
      return versionsOf(await listTags(connection, "pull"));
    } catch (cause) {
      const hidden = connection.isBasic ? [403] : [401, 403];
      if (cause instanceof UpstreamError && hidden.includes(cause.status)) return [];
      throw requestFailed(`list the releases of ${this.#nameOf(repository)}`, cause);
    }
  }

  /**
   * Sets the tag, wherever it leads: the caller has looked with `digestOf` that it is not there, under the same lock.
   * The manifest goes last: what fails before it published nothing. Throws InvalidVersionFormatError for a version that
   * cannot be a tag, ReleaseExistsError where the registry itself does not move tags, QuayAuthorizationError or
   * QuayCourierError.
   */
  async push(release: Release, image: BundleImage): Promise<void> {
    const name = this.#nameOf(release);
    const tag = tagOf(release.version) ?? refuseVersion(release.version);
    const connection = this.#connection(release);
    try {
      for (const blob of [image.config, image.layer]) await uploadBlob(connection, blob);
    } catch (cause) {
      throw pushFailed(name, cause);
    }
    await this.#publishManifest(connection, release, tag, image);
  }

  /** For each push, under its lock. Throws as `push`. */
  async digestOf(release: Release): Promise<string | undefined> {
    const tag = tagOf(release.version) ?? refuseVersion(release.version);
    try {
      // With a token to read only, Quay hides a repository that is not there yet.
      return await digestOfTag(this.#connection(release), "pull,push", tag);
    } catch (cause) {
      throw pushFailed(this.#nameOf(release), cause);
    }
  }

  /** Registries do not tell when a tag was set. Throws QuayAuthorizationError or QuayPackageError. */
  async describe(release: Release): Promise<ReleaseFacts | undefined> {
    const tag = tagOf(release.version);
    if (tag === undefined) return undefined;
    try {
      const digest = await digestOfTag(this.#connection(release), "pull", tag);
      return digest === undefined ? undefined : { digest, created: null };
    } catch (cause) {
      throw requestFailed(`look at ${this.#nameOf(release)}`, cause);
    }
  }

  referenceOf(release: Release): string {
    return `${this.#options.registry.host}/${this.#nameOf(release)}`;
  }

  async find(release: Release, digest: string): Promise<Found> {
    const tag = tagOf(release.version);
    if (tag === undefined) return "none";
    try {
      // As in digestOf.
      const there = await digestOfTag(this.#connection(release), "pull,push", tag);
      if (there === undefined) return "none";
      return there === digest ? "same" : "other";
    } catch (error) {
      if (isKnownFailure(error)) return "unknown";
      throw error;
    }
  }

  /** Throws QuayPackageNotFoundError, QuayAuthorizationError or QuayPackageError. */
  async delete(release: Release): Promise<void> {
    const name = this.#nameOf(release);
    const tag = tagOf(release.version);
    if (tag === undefined) throw packageNotFound(name);
    const wasThere = await deleteTag(this.#connection(release), name, tag).catch((cause: unknown) => {
      throw requestFailed(`delete ${name}`, cause);
    });
    if (!wasThere) throw packageNotFound(name);
  }

  /** Throws QuayPackageError. */
  publish({ organization, repository }: Repository, token: Secret): Promise<void> {
    return this.#api.makePublic(
      { organization, repository: this.#options.repositoryName(repository) },
      token,
    );
  }

  /** After an answer that leaves open whether the tag was set, it is looked for: there with our content is a success. */
  async #publishManifest(
    connection: Connection,
    release: Release,
    tag: string,
    { mediaType, manifest, digest }: BundleImage,
  ): Promise<void> {
    const name = this.#nameOf(release);
    const url = connection.url("manifests", tag);
    const answer = await connection
      .write("pull,push", { method: "PUT", url, body: manifest, contentType: mediaType })
      .catch((error: unknown) => {
        if (error instanceof NetworkError || error instanceof TimeoutError) return error;
        throw pushFailed(name, error);
      });
    if (!(answer instanceof Error)) {
      if (isStored(answer, digest)) return;
      if (isRefusal(answer)) throw pushFailed(name, unexpected(`push ${name}`, answer));
    }
    const found = await this.find(release, digest);
    // Another content is no "no": ours may still replace it.
    if (found !== "same") throw notPushed(name, answer, found === "none" ? "no" : "unknown");
  }

  #connection({ organization, repository }: Repository): Connection {
    const name = `${organization}/${this.#options.repositoryName(repository)}`;
    const { registry, quayUrl, authorization: caller, now = () => performance.now() } = this.#options;
    const connection =
      this.#connections.get(name) ??
      new Connection(this.#http, { registry, quay: new URL(quayUrl), caller, now, name });
    this.#connections.set(name, connection);
    return connection;
  }

  #nameOf({ organization, repository, version }: Repository & { readonly version?: string }): string {
    const name = `${organization}/${this.#options.repositoryName(repository)}`;
    return version === undefined ? name : `${name}:v${version}`;
  }
}

function isStored({ status, headers }: HttpResponse, digest: string): boolean {
  return status === 201 && (headers["docker-content-digest"] ?? digest) === digest;
}

function isKnownFailure(error: unknown): boolean {
  return [UpstreamError, NetworkError, TimeoutError, OmpsError].some((kind) => error instanceof kind);
}

function refuseVersion(version: string): never {
  throw new InvalidVersionFormatError(
    `Version ${JSON.stringify(version.slice(0, 100))} cannot be the tag of an image: expected a version like '1.0.0', of at most ${MAX_TAG_LENGTH - 1} characters.`,
  );
}
