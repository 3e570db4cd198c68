import { InternalServerError } from "../errors/index.ts";
import { DOCUMENTED, type DocumentedError } from "./errors.ts";
import type { Description, Header, Response, Schema } from "./model.ts";

/** The name of the schema of what API Gateway itself answers. */
export const GATEWAY_MESSAGE = "GatewayMessage";

/** When API Gateway answers itself. */
const GATEWAY: Readonly<Record<number, string>> = {
  413: "The request is over API Gateway's limit.",
  429: "There are too many requests.",
  500: "The function could not answer.",
  503: "There was no answer within 30 seconds.",
};

/** Statuses whose errors tell when to come again. */
const RETRIED = [409, 503];

const RETRY_AFTER: Readonly<Record<string, Header>> = {
  "Retry-After": {
    description: "Seconds to wait before the same request is sent again.",
    schema: { type: "string", pattern: "^[0-9]+$" },
  },
};

/**
 * All answers of an operation by their status: what it gives, its errors, and what API Gateway answers by itself.
 *
 * @throws Error for an error that is not described
 */
export function responses(described: Description, method: string): Record<string, Response> {
  const errors = errorsOf(described);
  const statuses = [
    ...Object.keys(described.answers).map(Number),
    ...errors.map(({ status }) => status),
    ...Object.keys(GATEWAY).map(Number),
  ];
  const all = [...new Set(statuses)]
    .toSorted((a, b) => a - b)
    .map((status): [string, Response] => {
      const { content, ...bare } = response(status, described, errors);
      return [String(status), method === "HEAD" || !content ? bare : { ...bare, content }];
    });
  return Object.fromEntries(all);
}

function response(status: number, { answers }: Description, all: readonly DocumentedError[]): Response {
  const answer = answers[status];
  const errors = all.filter((error) => error.status === status);
  const gateway = GATEWAY[status];
  if (answer && errors.length === 0 && gateway === undefined) return answer;
  const given = answer?.content?.["application/json"]?.schema;
  const schemas = [
    ...(given ? [given] : []),
    ...errors.map(({ id }) => reference(id)),
    ...(gateway === undefined ? [] : [reference(GATEWAY_MESSAGE)]),
  ];
  const [schema = {}] = schemas.length === 1 ? schemas : [{ oneOf: schemas }];
  return {
    description: [answer?.description, ...errors.map(({ when }) => when), gateway].filter(Boolean).join(" "),
    ...(errors.length > 0 && RETRIED.includes(status) && { headers: RETRY_AFTER }),
    content: { "application/json": { schema } },
  };
}

function errorsOf({ errors }: Description): DocumentedError[] {
  return [...new Set([...errors, InternalServerError])].map((type) => {
    const found = DOCUMENTED.get(type);
    if (!found) throw new Error(`The error ${type.name} is not described.`);
    return found;
  });
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}
