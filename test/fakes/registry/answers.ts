import type { Answer } from "../answer.ts";

/** A refusal as the OCI distribution specification has it. */
export function registryError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ errors: [{ code, detail: {}, message }] }),
  };
}

export const nameUnknown = registryError(404, "NAME_UNKNOWN", "repository name not known to registry");
export const manifestUnknown = registryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
export const unsupported = registryError(405, "UNSUPPORTED", "The operation is unsupported.");
export const digestInvalid = registryError(
  400,
  "DIGEST_INVALID",
  "provided digest did not match uploaded content",
);

export function empty(status: number, headers: Readonly<Record<string, string>>): Answer {
  return { status, headers, body: "" };
}
