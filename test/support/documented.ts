import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Route } from "../../lib/api/index.ts";
import { apiDocument, type Response } from "../../lib/openapi/index.ts";

/** What of an answer the document speaks of. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

const DOCUMENT = apiDocument("0.0.0");

/** What the not-found function answers, which has no operation. */
const ELSE: Readonly<Record<number, string>> = {
  404: "NotFound",
  405: "MethodNotAllowed",
  500: "InternalServerError",
};

/** Headers that a caller goes by. */
const HEADERS = ["etag", "link", "retry-after"];

const ajv = new Ajv2020({ strict: false, allErrors: true });
const validators = new Map<string, ValidateFunction>();

/**
 * Holds an answer of a function against the document: its status, headers, content type and body.
 *
 * @param route undefined for requests that no route matches
 * @throws Error for what is not documented
 */
export function checkDocumented(method: string, route: Route | undefined, answered: Answered): void {
  const { status, headers, body } = answered;
  const where = `${method} ${route?.path ?? "(no route)"} ${status}`;
  const response = route ? documented(method, route, status) : notFound(status);
  if (!response) throw new Error(`${where} is not documented: ${JSON.stringify(body)}`);
  const known = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  const unknown = HEADERS.filter((name) => name in headers && !known.includes(name));
  if (unknown.length > 0) throw new Error(`${where} has headers that are not documented: ${unknown.join()}`);
  // API Gateway cuts off the body of a HEAD.
  if (method === "HEAD") return;
  const [content] = Object.entries(response.content ?? {});
  const [given] = typeof headers["content-type"] === "string" ? headers["content-type"].split(";") : [];
  if (content?.[0] !== given)
    throw new Error(`${where} has the content type '${given}', not '${content?.[0]}'.`);
  if (content) checkBody(where, content[1].schema, body);
}

function documented(method: string, { path }: Route, status: number): Response | undefined {
  return DOCUMENT.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
}

function notFound(status: number): Response | undefined {
  const name = ELSE[status];
  if (name === undefined) return undefined;
  const schema = { $ref: `#/components/schemas/${name}` };
  return { description: name, content: { "application/json": { schema } } };
}

function checkBody(where: string, schema: object, body: unknown): void {
  // API Gateway's own answers are documented too, but no function gives them.
  const ours = { allOf: [schema], not: { $ref: "#/components/schemas/GatewayMessage" } };
  const validate = validators.get(where) ?? ajv.compile({ ...ours, components: DOCUMENT.components });
  validators.set(where, validate);
  if (!validate(body)) {
    const why = ajv.errorsText(validate.errors);
    throw new Error(`${where} is not as documented: ${why}: ${JSON.stringify(body)}`);
  }
}
