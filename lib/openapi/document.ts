import * as z from "zod/mini";
import { ROUTES, type Route } from "../api/index.ts";
import { ANSWERS } from "./answers.ts";
import { DOCUMENTED } from "./errors.ts";
import type { Description, OpenApiDocument, Operation, Schema } from "./model.ts";
import { DESCRIPTIONS } from "./operations.ts";
import { pathParameters } from "./parameters.ts";
import { GATEWAY_MESSAGE, responses } from "./responses.ts";

/** The name of the security scheme. */
const TOKEN = "quayToken";

/** The API as OpenAPI 3.1: made of the routes, the descriptions of what serves them, and the schemas of all bodies. */
export function apiDocument(version: string): OpenApiDocument {
  return {
    openapi: "3.1.0",
    info: {
      title: "OMPS: Operators Manifests Push Service",
      version,
      description:
        "Verifies the manifests of Kubernetes operators, and publishes them as versioned releases in Quay. A failure has the keys `status`, `error` and `message`; some errors have one more. The `message` is for people and may change. Unknown paths are `NotFound` 404, known paths with other methods `MethodNotAllowed` 405.",
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [
      { name: "Push", description: "Publish a package as a release." },
      { name: "Releases", description: "What is published already." },
      { name: "State", description: "How the service is. No token is needed." },
      { name: "Document", description: "This description. No token is needed." },
    ],
    paths: Object.fromEntries(ROUTES.map((route) => [route.path, operations(route.path)])),
    components: { schemas: schemas(), securitySchemes: { [TOKEN]: tokenScheme() } },
  };
}

function tokenScheme(): Schema {
  return {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description:
      "A token of Quay's application registry, `basic …`, as Quay gives it for a user or robot at `/cnr/api/v1/users/login`. It is passed on to Quay as it is, and Quay decides what it may do.",
  };
}

function operations(path: string): Record<string, Operation> {
  const routes = ROUTES.filter((route) => route.path === path);
  return Object.fromEntries(
    routes.flatMap((route) =>
      route.methods.map((method) => [method.toLowerCase(), operation(route, method)]),
    ),
  );
}

function operation(route: Route, method: string): Operation {
  const described = DESCRIPTIONS[route.serves](route);
  const { tag, summary, description, parameters = [], body } = described;
  return {
    operationId: operationId(described, route, method),
    tags: [tag],
    summary,
    description,
    parameters: [...pathParameters(route.path, method), ...parameters],
    ...(body && { requestBody: body }),
    responses: responses(described, method),
    security: security(described),
  };
}

function security({ authorized }: Description): Operation["security"] {
  if (authorized === false) return [];
  return [{ [TOKEN]: [] }, ...(authorized === "optional" ? [{}] : [])];
}

function operationId({ id }: Description, { path }: Route, method: string): string {
  const version = /^\/v(\d+)\//.exec(path)?.[1];
  return [
    id,
    version && `V${version}`,
    path.endsWith("/{version}") && "WithVersion",
    method === "HEAD" && "Head",
  ]
    .filter(Boolean)
    .join("");
}

/** The schemas of all bodies by their names, also of the errors that no operation has but all other requests. */
function schemas(): Record<string, Schema> {
  const errors = [...DOCUMENTED.values()].map(({ id, body }): [string, z.ZodMiniType] => [id, body]);
  const named = [...Object.entries(ANSWERS), ...errors];
  return {
    ...Object.fromEntries(named.map(([name, schema]) => [name, jsonSchema(schema)])),
    [GATEWAY_MESSAGE]: {
      type: "object",
      description: "What API Gateway itself answers.",
      properties: { message: { type: "string" } },
      required: ["message"],
      additionalProperties: false,
    },
  };
}

function jsonSchema(schema: z.ZodMiniType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}
