import { type Html, html, prose } from "./html.ts";
import type { OpenApiDocument, Operation, Response, Schema } from "./model.ts";

/** Keys that each error has. */
const EVERY_ERROR = ["status", "error", "message"];

interface Named {
  readonly name: string;
  readonly schema: Schema;
}

/** The answers of an operation: those with their bodies, then all errors as a table. */
export function answers({ components }: OpenApiDocument, { responses }: Operation): Html {
  const all = Object.entries(responses).map(([status, response]) => {
    const named = namesIn(response).map((name) => ({ name, schema: components.schemas[name] ?? {} }));
    return {
      status,
      response,
      errors: named.filter(isError),
      bodies: named.filter((each) => !isError(each)),
    };
  });
  const given = all
    .filter(({ errors, bodies }) => bodies.some(hasExample) || errors.length + bodies.length === 0)
    .map(({ status, response, bodies }) => body(status, response, bodies.filter(hasExample)));
  const rows = all.flatMap(({ status, errors }) => errors.map((error) => errorRow(status, error)));
  const gateway = all
    .filter(({ bodies }) => bodies.some((each) => !hasExample(each)))
    .map(({ status }) => status)
    .join(", ");
  return html`<h4>Answers</h4>${given}
<div class="table"><table>
<tr><th>Status</th><th>Error</th><th>When</th><th>Further key</th></tr>
${rows}
<tr><td>${gateway}</td><td></td><td>API Gateway itself, as <code>{"message": …}</code></td><td></td></tr>
</table></div>`;
}

function body(status: string, { description }: Response, bodies: readonly Named[]): Html {
  return html`<p><strong>${status}</strong> ${prose(description)}</p>${bodies.map(
    ({ schema }) => html`<pre>${JSON.stringify(exampleOf(schema), undefined, 2)}</pre>${keys(schema)}`,
  )}`;
}

function keys({ properties }: Schema): Html {
  const described = Object.entries(asObject(properties)).map(([name, schema]) => {
    const { description } = asObject(schema);
    return typeof description === "string"
      ? html`<li><code>${name}</code>: ${prose(description)}</li>`
      : html``;
  });
  return html`<ul>${described}</ul>`;
}

function errorRow(status: string, { name, schema }: Named): Html {
  const more = Object.keys(asObject(schema["properties"])).filter((key) => !EVERY_ERROR.includes(key));
  const when = typeof schema["description"] === "string" ? schema["description"] : "";
  return html`<tr><td>${status}</td><td><code>${name}</code></td><td>${prose(when)}</td><td>${more.map((key) => html`<code>${key}</code>`)}</td></tr>
`;
}

/** Names of the schemas that a JSON answer may have. */
function namesIn({ content }: Response): string[] {
  const schema = content?.["application/json"]?.schema ?? {};
  const either: readonly unknown[] = Array.isArray(schema["oneOf"]) ? schema["oneOf"] : [schema];
  return either.flatMap((each) => {
    const { $ref } = asObject(each);
    return typeof $ref === "string" ? [$ref.slice($ref.lastIndexOf("/") + 1)] : [];
  });
}

function isError({ schema }: Named): boolean {
  return "error" in asObject(schema["properties"]);
}

function hasExample({ schema }: Named): boolean {
  return exampleOf(schema) !== undefined;
}

function exampleOf({ examples }: Schema): unknown {
  return Array.isArray(examples) ? examples[0] : undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
