import * as z from "zod/mini";
import { QuayPackageError } from "../errors/index.ts";
import { answerJson, type HttpClient, wireFailure } from "../http/index.ts";
import type { Repository } from "../release/index.ts";
import type { Secret } from "../telemetry/index.ts";

const successSchema = z.object({ success: z.literal(true) });
const infoSchema = z.object({ is_public: z.literal(true) });

/** Quay's own API, `/api/v1/repository`, which takes OAuth tokens only. */
export class RepositoryApi {
  readonly #http: HttpClient;
  readonly #base: string;

  constructor(http: HttpClient, quayRoot: string) {
    this.#http = http;
    this.#base = `${quayRoot}/api/v1/repository`;
  }

  /**
   * Makes a repository public. Quay answers 200 with `null` where it did not.
   *
   * @throws QuayPackageError when it is not public afterwards, also for a token without the right: the
   *   token is ours, so it is no fault of the caller's
   */
  async makePublic(repository: Repository, token: Secret): Promise<void> {
    const headers = { authorization: `Bearer ${token.reveal()}`, "content-type": "application/json" };
    const url = new URL(
      `${this.#base}/${encodeURIComponent(repository.organization)}/${encodeURIComponent(repository.repository)}`,
    );
    const failure = await this.#http
      .write({
        method: "POST",
        url: new URL(`${url.href}/changevisibility`),
        headers,
        body: Buffer.from('{"visibility":"public"}'),
      })
      .then((answer) => (successSchema.safeParse(answerJson(answer)).success ? undefined : answer.status))
      .catch(wireFailure);
    if (failure === undefined) return;
    const known = typeof failure === "number" && failure < 500;
    if (!known && (await this.#isPublic(url, headers))) return;
    throw new QuayPackageError(
      `The release was pushed, but Quay did not make ${repository.organization}/${repository.repository} public${typeof failure === "number" ? ` (HTTP status ${failure})` : ""}. Tell an administrator of the organization.`,
      typeof failure === "number" ? {} : { cause: failure },
    );
  }

  async #isPublic(url: URL, headers: Readonly<Record<string, string>>): Promise<boolean> {
    const answer = await this.#http.read({ url, headers }).catch(wireFailure);
    return (
      !(answer instanceof Error) && answer.status === 200 && infoSchema.safeParse(answerJson(answer)).success
    );
  }
}
