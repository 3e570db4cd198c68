import { QuayPackageError } from "../../errors/index.ts";
import { type HttpResponse, wireFailure } from "../../http/index.ts";
import { notDeleted } from "../outcome.ts";
import { isRefusal } from "../refusal.ts";
import { errorCodes, isAbsent, unexpected } from "./answer.ts";
import type { Access, Connection } from "./connection.ts";
import { digestOfTag } from "./manifest.ts";
import { listTags } from "./tags.ts";

/** Most tags of a repository that are looked at for one digest: each costs a request. */
export const MAX_COMPARED_TAGS = 100;

/** By these a registry tells that it deletes by digest only: DIGEST_INVALID is that of Docker's registry 2.8. */
const BY_DIGEST_ONLY = new Set(["DIGEST_INVALID", "UNSUPPORTED", "TAG_INVALID"]);

/**
 * Takes a tag away; the manifest stays for its other tags. Docker's registry deletes by digest only, and with the
 * manifest all of its tags: there a tag that shares its manifest is not deleted, as the others would be gone too.
 *
 * @param name of the release, for messages
 * @returns whether it was there
 * @throws QuayPackageError; UpstreamError, NetworkError, TimeoutError, QuayAuthorizationError where nothing was done
 */
export async function deleteTag(connection: Connection, name: string, tag: string): Promise<boolean> {
  // On Quay a token for more would make a repository that is not there.
  const digest = await digestOfTag(connection, "pull", tag);
  if (digest === undefined) return false;
  const byTag = await sendDelete(connection, tag);
  if (!isByDigestOnly(byTag)) return settle(connection, name, tag, byTag);
  await refuseShared(connection, name, tag, digest);
  return settle(connection, name, tag, await sendDelete(connection, digest));
}

type Outcome = HttpResponse | ReturnType<typeof wireFailure>;

/** Docker's registry wants a right of its own to delete, of which Quay does not know: it is asked for where one is missing. */
async function sendDelete(connection: Connection, reference: string): Promise<Outcome> {
  const send = (access: Access) => {
    const url = connection.url("manifests", reference);
    return connection.write(access, { method: "DELETE", url }).catch(wireFailure);
  };
  const answer = await send("pull,push");
  if (answer instanceof Error || answer.status !== 401 || connection.isBasic) return answer;
  const wantsDelete = /\bscope="[^"]*:[^":]*\bdelete\b/i.test(
    String(answer.headers["www-authenticate"] ?? ""),
  );
  return wantsDelete ? send("pull,push,delete") : answer;
}

function isByDigestOnly(outcome: Outcome): boolean {
  if (outcome instanceof Error) return false;
  if (outcome.status === 405) return !errorCodes(outcome).includes("DENIED");
  return outcome.status === 400 && errorCodes(outcome).some((code) => BY_DIGEST_ONLY.has(code));
}

async function refuseShared(
  connection: Connection,
  name: string,
  tag: string,
  digest: string,
): Promise<void> {
  const others = (await listTags(connection, "pull")).filter((other) => other !== tag);
  if (others.length > MAX_COMPARED_TAGS) {
    throw new QuayPackageError(
      `Did not delete ${name}: the registry deletes by digest only, and the repository has too many tags (${others.length}) to see whether others share it; at most ${MAX_COMPARED_TAGS} are looked at.`,
    );
  }
  for (const other of others) {
    if ((await digestOfTag(connection, "pull", other)) !== digest) continue;
    throw new QuayPackageError(
      `Did not delete ${name}: the registry deletes by digest only, and the tag ${other} would be gone too, as it has the same content. Delete that one by hand first if it is not wanted.`,
    );
  }
}

/** What a deletion came to, looked up where its answer leaves that open. */
async function settle(connection: Connection, name: string, tag: string, outcome: Outcome): Promise<boolean> {
  if (!(outcome instanceof Error)) {
    if ([200, 202, 204].includes(outcome.status)) return true;
    if (isAbsent(outcome) && (await digestOfTag(connection, "pull", tag)) === undefined) return false;
    if (isRefusal(outcome)) throw unexpected(`delete ${name}`, outcome);
  }
  const left = await digestOfTag(connection, "pull", tag).then(
    (digest) => (digest === undefined ? "yes" : "no"),
    () => "unknown" as const,
  );
  if (left !== "yes") throw notDeleted(name, outcome, left);
  return true;
}
