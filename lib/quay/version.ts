import * as z from "zod/mini";
import { answerJson, type HttpClient, NetworkError, UpstreamError } from "../http/index.ts";
import { packageError } from "./answer.ts";

const versionSchema = z.object({ "cnr-api": z.string() });

/**
 * Looks whether a registry of images is there. It takes no token: to be refused is an answer too.
 *
 * @param registry its origin
 * @throws QuayPackageError when there is no such registry
 */
export async function findImageRegistry(http: HttpClient, registry: string): Promise<void> {
  const what = "find its registry of images";
  try {
    const answer = await http.to("quay").read({ url: new URL("/v2/", registry) });
    if (answer.status !== 200 && answer.status !== 401)
      throw new UpstreamError(what, answer.status, answer.body);
  } catch (cause) {
    throw packageError(what, cause);
  }
}

/**
 * The version of Quay's application registry, which tells that it works. It takes no token.
 *
 * @param quayUrl address of Quay, with or without a slash at the end
 * @throws QuayPackageError when Quay gives no such answer
 */
export async function appRegistryVersion(http: HttpClient, quayUrl: string): Promise<string> {
  const what = "get the version of its application registry";
  try {
    const answer = await http.to("quay").read({ url: new URL(`${quayUrl.replace(/\/+$/, "")}/cnr/version`) });
    if (answer.status !== 200) throw new UpstreamError(what, answer.status, answer.body);
    const parsed = versionSchema.safeParse(answerJson(answer));
    if (parsed.success) return parsed.data["cnr-api"];
    throw new NetworkError(`${what}: the answer does not have the form of a Quay answer`);
  } catch (cause) {
    throw packageError(what, cause);
  }
}
