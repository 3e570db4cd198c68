import type { Answer } from "../answer.ts";
import type { Call } from "../quay/call.ts";

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

/** Of a repository or manifest; `code` is the specification's. */
export function absent({ quay }: Call, code: "NAME_UNKNOWN" | "MANIFEST_UNKNOWN"): Answer {
  return registryError(404, quay.images.absentCode ?? code, "not known to registry");
}

export const unsupported = registryError(405, "UNSUPPORTED", "The operation is unsupported.");
export const digestInvalid = registryError(
  400,
  "DIGEST_INVALID",
  "provided digest did not match uploaded content",
);

export function empty(status: number, headers: Readonly<Record<string, string>>): Answer {
  return { status, headers, body: "" };
}
