import * as z from "zod/mini";
import {
  answerJson,
  type HttpClient,
  type HttpResponse,
  NetworkError,
  UpstreamError,
  wireFailure,
} from "../http/index.ts";
import type {
  Found,
  PackageArchive,
  PackageRegistry,
  Release,
  ReleaseFacts,
  Repository,
} from "../release/index.ts";
import type { Secret } from "../telemetry/index.ts";
import { denied, isDenial, packageError, packageNotFound } from "./answer.ts";
import { notDeleted, notPushed, type Outcome } from "./outcome.ts";
import { isRefusal, refusedPush } from "./refusal.ts";
import { RepositoryApi } from "./repository-api.ts";

const listingSchema = z.array(z.object({ name: z.string(), releases: z.unknown() }));
const releasesSchema = z.array(z.string());
const manifestsSchema = z.array(z.object({ release: z.string() }));
const manifestSchema = z.object({
  release: z.string(),
  content: z.object({ digest: z.string() }),
  created_at: z.optional(z.string()),
});
const absentSchema = z.object({
  error: z.object({ code: z.enum(["package-not-found", "package-release-not-found"]) }),
});

/**
 * Quay's application registry (CNR), as of Quay 3.4 to 3.7.
 *
 * A listing is cut at 100 packages without a sign, leaves out what the caller must not read, and shows bad
 * credentials only as an anonymous caller. So what it lacks is asked for in two more ways.
 */
export class AppRegistry implements PackageRegistry {
  readonly kind = "appregistry";
  readonly #http: HttpClient;
  readonly #base: string;
  readonly #headers: { readonly authorization: string };
  readonly #api: RepositoryApi;

  /**
   * @param quayUrl address of Quay, with or without a slash at the end
   * @param authorization the caller's Authorization header, passed on as it is
   */
  constructor(http: HttpClient, quayUrl: string, authorization: string) {
    const root = quayUrl.replace(/\/+$/, "");
    this.#http = http.to("quay");
    this.#base = `${root}/cnr/api/v1/packages`;
    this.#headers = { authorization };
    this.#api = new RepositoryApi(this.#http, root);
  }

  /** Throws QuayAuthorizationError or QuayPackageError. */
  async listVersions(repository: Repository): Promise<readonly string[]> {
    return (await this.#visibleVersions(repository)) ?? [];
  }

  /**
   * Throws ReleaseExistsError, QuayAuthorizationError or QuayCourierError. After an answer that leaves open
   * whether the release was made, it is looked for: there with our content is a success.
   */
  async push(release: Release, content: PackageArchive): Promise<void> {
    const answer = await this.#http
      .write({
        method: "POST",
        url: this.#url(release),
        headers: { ...this.#headers, "content-type": "application/json" },
        body: releaseBody(release, content),
      })
      .catch(wireFailure);
    if (!(answer instanceof Error)) {
      if (answer.status === 200) return;
      if (isRefusal(answer)) throw refusedPush(nameOf(release), answer);
    }
    const found = await this.find(release, content.digest);
    // Another content is no "no": two may be there.
    if (found !== "same") throw notPushed(nameOf(release), answer, found === "none" ? "no" : "unknown");
  }

  async find(release: Release, digest: string): Promise<Found> {
    const answer = await this.#look(release).catch(wireFailure);
    if (answer instanceof Error) return "unknown";
    if (isAbsent(answer)) return "none";
    const shown = manifestSchema.safeParse(answer.status === 200 ? answerJson(answer) : undefined).data;
    if (shown?.release !== release.version) return "unknown";
    return shown.content.digest === digest ? "same" : "other";
  }

  /** Throws QuayAuthorizationError or QuayPackageError. */
  async describe(release: Release): Promise<ReleaseFacts | undefined> {
    const what = `look at ${nameOf(release)}`;
    try {
      const answer = await this.#look(release);
      if (isAbsent(answer)) return undefined;
      const shown = usable(manifestSchema, this.#good(answer, what), what);
      if (shown.release !== release.version) return { digest: null, created: null };
      return { digest: shown.content.digest, created: shown.created_at ?? null };
    } catch (cause) {
      throw packageError(what, cause);
    }
  }

  /** Throws QuayPackageNotFoundError, QuayAuthorizationError or QuayPackageError. */
  async delete(release: Release): Promise<void> {
    const what = `delete ${nameOf(release)}`;
    const answer = await this.#http
      .write({ method: "DELETE", url: this.#url(release, release.version, "helm"), headers: this.#headers })
      .catch(wireFailure);
    if (!(answer instanceof Error)) {
      if (answer.status === 200) return;
      if (isDenial(answer)) throw denied(what, answer);
      if (answer.status === 404) throw packageNotFound(nameOf(release));
      if (isRefusal(answer)) throw packageError(what, new UpstreamError(what, answer.status, answer.body));
    }
    const gone = await this.#isGone(release);
    if (gone !== "yes") throw notDeleted(nameOf(release), answer, gone);
  }

  /** Throws QuayPackageError. */
  publish(repository: Repository, token: Secret): Promise<void> {
    return this.#api.makePublic(repository, token);
  }

  /** The releases, undefined where the caller must not see them or the package is not there. */
  async #visibleVersions(repository: Repository): Promise<readonly string[] | undefined> {
    const what = `list the releases of ${nameOf(repository)}`;
    try {
      return (
        (await this.#listed(repository, what)) ??
        (await this.#listed(repository, what, repository.repository)) ??
        (await this.#shown(repository, what))
      );
    } catch (cause) {
      throw packageError(what, cause);
    }
  }

  async #listed(
    repository: Repository,
    what: string,
    query?: string,
  ): Promise<readonly string[] | undefined> {
    const url = new URL(this.#base);
    url.searchParams.set("namespace", repository.organization);
    if (query !== undefined) url.searchParams.set("query", query);
    const listing = await this.#get(url, what, listingSchema);
    const found = listing.find(({ name }) => name === nameOf(repository));
    return found && usable(releasesSchema, found.releases, what);
  }

  /** The only listing that is never cut. It is slow (14 s for 200 releases), and refused for what is not there. */
  async #shown(repository: Repository, what: string): Promise<readonly string[] | undefined> {
    const answer = await this.#http.read({ url: this.#url(repository), headers: this.#headers });
    if (answer.status === 403) return undefined;
    if (answer.status === 404) return [];
    return usable(manifestsSchema, this.#good(answer, what), what).map(({ release }) => release);
  }

  /** Whether the release is no longer there; what the caller must not see may still be. */
  async #isGone(release: Release): Promise<Outcome> {
    const left = await this.#visibleVersions(release).catch(() => undefined);
    if (left === undefined) return "unknown";
    return left.includes(release.version) ? "no" : "yes";
  }

  /** The path is a version query: a release with build metadata may answer in place of the one without. */
  #look(release: Release): Promise<HttpResponse> {
    return this.#http.read({ url: this.#url(release, release.version, "helm"), headers: this.#headers });
  }

  async #get<T extends z.ZodMiniType>(url: URL, what: string, schema: T): Promise<z.output<T>> {
    return usable(schema, this.#good(await this.#http.read({ url, headers: this.#headers }), what), what);
  }

  #good(answer: HttpResponse, what: string): unknown {
    if (isDenial(answer)) throw denied(what, answer);
    if (answer.status !== 200) throw new UpstreamError(what, answer.status, answer.body);
    return answerJson(answer);
  }

  #url({ organization, repository }: Repository, ...more: readonly string[]): URL {
    return new URL([this.#base, ...[organization, repository, ...more].map(encodeSegment)].join("/"));
  }
}

function isAbsent(answer: HttpResponse): boolean {
  return answer.status === 404 && absentSchema.safeParse(answerJson(answer)).success;
}

/** Bytes of an archive that are made base64 at once; a multiple of three. */
const BASE64_BYTES = 3 * 64 * 1024;

/** The JSON of a release, piece by piece: as one text it would be in memory three times, for 200 MB of a large upload. */
function releaseBody({ version }: Release, { archive }: PackageArchive): Buffer {
  const [before, after] = ['{"blob":"', `","media_type":"helm","release":${JSON.stringify(version)}}`];
  const length = before.length + Math.ceil(archive.length / 3) * 4 + Buffer.byteLength(after);
  const body = Buffer.allocUnsafe(length);
  let written = body.write(before, "latin1");
  for (let read = 0; read < archive.length; read += BASE64_BYTES)
    written += body.write(archive.toString("base64", read, read + BASE64_BYTES), written, "latin1");
  body.write(after, written);
  return body;
}

/** A "+" is itself in a path; only in a query is it a blank. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll("%2B", "+");
}

function usable<T extends z.ZodMiniType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new NetworkError(`${what}: the answer does not have the form of a Quay answer`);
  return parsed.data;
}

function nameOf(release: Repository & { readonly version?: string }): string {
  const { organization, repository, version } = release;
  return `${organization}/${repository}${version === undefined ? "" : `:${version}`}`;
}
