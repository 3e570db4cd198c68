import { MAX_PAGE_SIZE, ORGANIZATION, PAGE_SIZE, REPOSITORY } from "../api/index.ts";
import { NVR } from "../koji/index.ts";
import { MAX_VERSION_LENGTH, RELEASE_NAME, VERSION } from "../publish/index.ts";
import type { Parameter, Schema } from "./model.ts";

/** What a name in a path stands for. */
const PATH: Readonly<Record<string, Omit<Parameter, "name" | "in" | "required">>> = {
  organization: {
    description: "The organization in Quay.",
    schema: matching(ORGANIZATION),
    example: "acme",
  },
  repository: {
    description: "The repository in Quay; for a push it must be the package's `packageName`.",
    schema: matching(REPOSITORY),
    example: "etcd",
  },
  nvr: {
    description: "The name-version-release of a build in Koji.",
    schema: matching(NVR),
    example: "etcd-operator-container-0.9.4-1",
  },
  operation: {
    description: "The ID of an operation.",
    schema: { type: "string" },
    example: "0123456789abcdef0123456789abcdef",
  },
  version: {
    description: "The release's version, `<int>.<int>.<int>` without leading zeros.",
    schema: { ...matching(VERSION), maxLength: MAX_VERSION_LENGTH },
    example: "1.0.0",
  },
};

/** A release that is there may also have a name that is no version of ours. */
const DELETED: Readonly<typeof PATH> = {
  ...PATH,
  version: { description: "The release's name.", schema: matching(RELEASE_NAME), example: "1.0.0" },
};

/**
 * The parameters of a path, in their order.
 *
 * @throws Error for a name that is not described here
 */
export function pathParameters(path: string, method: string): Parameter[] {
  return [...path.matchAll(/\{(.+?)\}/g)].map(([, name = ""]) => {
    const known = (method === "DELETE" ? DELETED : PATH)[name];
    if (!known) throw new Error(`The parameter '${name}' of ${path} is not described.`);
    return { name, in: "path", required: true, ...known };
  });
}

export const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "A key of the caller's own making. For 24 hours, the same request with it gets the first answer below 500 again.",
  schema: { type: "string", pattern: '^("[ !#-~]{1,255}"|[!#-~]{1,255})$' },
  example: '"8e03978e-40d5-43dd"',
};

export const PREFER: Parameter = {
  name: "Prefer",
  in: "header",
  required: false,
  description: "`respond-async`: the push is queued, and answered with 202 and where to ask how it goes.",
  schema: { type: "string" },
  example: "respond-async",
};

export const IF_NONE_MATCH: Parameter = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description: "The `ETag` of an earlier answer: 304 where it is still the same.",
  schema: { type: "string" },
  example: '"2jmj7l5rSw0yVb"',
};

export const LIMIT: Parameter = {
  name: "limit",
  in: "query",
  required: false,
  description: "How many releases at most.",
  schema: { type: "integer", minimum: 1, maximum: MAX_PAGE_SIZE, default: PAGE_SIZE },
  example: "20",
};

export const AFTER: Parameter = {
  name: "after",
  in: "query",
  required: false,
  description: "Only releases that come after this one, as in `next`.",
  schema: { type: "string" },
  example: "1.0.0",
};

function matching({ source }: RegExp): Schema {
  return { type: "string", pattern: source };
}
