import { createHash } from "node:crypto";
import { isAbsent, unexpected } from "./answer.ts";
import type { Access, Connection } from "./connection.ts";

/** All that a tag may lead to: a registry hides, or converts, what is not named. */
const ACCEPT = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/**
 * The digest of the manifest that a tag leads to; undefined where there is no such tag. It is worked out from the
 * manifest, which is small, and not believed from a header; a refusal then tells its code too, as HEAD would not.
 *
 * @throws UpstreamError, NetworkError (AddressError among them), TimeoutError, QuayAuthorizationError
 */
export async function digestOfTag(
  connection: Connection,
  access: Access,
  tag: string,
): Promise<string | undefined> {
  const answer = await connection.read(access, connection.url("manifests", tag), ACCEPT);
  if (isAbsent(answer)) return undefined;
  if (answer.status !== 200) throw unexpected(`look for the tag ${tag}`, answer);
  return `sha256:${createHash("sha256").update(answer.body).digest("hex")}`;
}
