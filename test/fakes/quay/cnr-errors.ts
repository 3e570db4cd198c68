import { type Answer, cnrJson } from "./answer.ts";
import type { Json } from "./python-json.ts";

function cnrError(status: number, code: string, message: string, details: Json = {}): Answer {
  return cnrJson({ error: { code, details, message } }, status);
}

export function invalidUsage(message: string): Answer {
  return cnrError(400, "invalid-usage", message);
}

export function unauthorizedAccess(message: string): Answer {
  return cnrError(401, "unauthorized-access", message);
}

export function forbidden(packageName: string, scopes: readonly ("create" | "pull" | "push")[]): Answer {
  const details = { package: packageName, scopes };
  return cnrError(403, "forbidden", `Unauthorized access for: ${packageName}`, details);
}

export function packageNotFound(
  packageName: string,
  release: string | null = null,
  mediaType: string | null = null,
): Answer {
  const message = `package ${packageName} doesn't exist, v: ${release ?? "None"}, type: ${mediaType ?? "None"}`;
  const details = { media_type: mediaType, package: packageName, release };
  return cnrError(404, "package-not-found", message, details);
}

export function releaseNotFound(packageName: string, query: string): Answer {
  const details = { package: packageName, release_query: query };
  const message = `No release match '${query}' for package '${packageName}'`;
  return cnrError(404, "package-release-not-found", message, details);
}

export const packageExists = cnrError(409, "package-exists", "package exists already");

/** The key is `version` on push and `release` on reading. */
export function invalidRelease(key: "version" | "release", value: string, message: string): Answer {
  return cnrError(422, "invalid-release", message, { [key]: value });
}
