import { createHash } from "node:crypto";
import { answers } from "./answers-table.ts";
import { curl } from "./curl.ts";
import { Html, html, prose } from "./html.ts";
import type { OpenApiDocument, Operation, Parameter, RequestBody } from "./model.ts";
import { STYLE } from "./style.ts";

/** One operation and where it is; a HEAD is told with its GET. */
interface Place {
  readonly path: string;
  readonly method: string;
  readonly others: readonly string[];
  readonly operation: Operation;
}

type Section = readonly [Place, ...Place[]];

/** What lets the page have its own style and nothing else: no script, no request. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The document as a page for people. Operations that differ in their path only are one section. */
export function documentPage(document: OpenApiDocument): string {
  const { info, tags } = document;
  const sections = sectionsOf(document);
  const parts = tags.map(
    ({ name, description }) => html`<h2 id="${name}">${name}</h2><p>${prose(description)}</p>
${sections.filter((each) => tagOf(each) === name).map((each) => section(document, each))}`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} ${info.version}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<h1>${info.title}</h1>
<p class="quiet">Version ${info.version}, ${info.license.name}. For programs: <a href="/openapi.json">openapi.json</a></p>
<p>${prose(info.description)}</p>
<p>The examples have the address of the API in <code>$OMPS</code>, and the caller's token in <code>$TOKEN</code>.</p>
${navigation(document, sections)}
<h2 id="token">The token</h2>
${Object.values(document.components.securitySchemes).map((each) => html`<p>${prose(String(each["description"]))}</p>`)}
<main>${parts}</main>
</body>
</html>
`.text;
}

function navigation({ tags }: OpenApiDocument, sections: readonly Section[]): Html {
  const items = tags.map(({ name }) => {
    const own = sections
      .filter((each) => tagOf(each) === name)
      .map(([{ operation }]) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`);
    return html`<li><a href="#${name}">${name}</a><ul>${own}</ul></li>`;
  });
  return html`<nav><ul><li><a href="#token">The token</a></li>${items}</ul></nav>`;
}

function sectionsOf({ paths }: OpenApiDocument): Section[] {
  const sections = new Map<string, Section>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (method === "head") continue;
      const others = "head" in methods && method === "get" ? ["HEAD"] : [];
      const place = { path, method, others, operation };
      const same = JSON.stringify([operation.summary, operation.responses]);
      const before = sections.get(same);
      sections.set(same, before ? [...before, place] : [place]);
    }
  }
  return [...sections.values()];
}

function tagOf([{ operation }]: Section): string | undefined {
  return operation.tags[0];
}

function section(document: OpenApiDocument, places: Section): Html {
  const [{ operation }] = places;
  return html`<section>
<h3>${operation.summary}</h3>
${places.map(({ path, method, others, operation: { operationId } }) => {
  const methods = [method.toUpperCase(), ...others].join(", ");
  return html`<code class="path" id="${operationId}">${methods} ${path}</code>`;
})}
<p>${prose(operation.description)}${operation.security.length > 0 ? html` Needs <a href="#token">the token</a>.` : undefined}</p>
<pre>${places.map((each) => curl(each.path, each.method, each.operation)).join("\n")}</pre>
${parameters(places)}${requestBody(operation.requestBody)}${answers(document, operation)}
</section>
`;
}

function parameters(places: Section): Html {
  const each = places.flatMap(({ operation }) => operation.parameters);
  const inOrder = [...each.filter(isInPath), ...each.filter((parameter) => !isInPath(parameter))];
  const all = new Map(inOrder.map((parameter) => [parameter.name, parameter]));
  if (all.size === 0) return html``;
  return html`<h4>Parameters</h4>
<div class="table"><table>
<tr><th>Name</th><th>In</th><th>What it is</th><th>Form</th></tr>
${[...all.values()].map(parameterRow)}
</table></div>`;
}

function isInPath(parameter: Parameter): boolean {
  return parameter.in === "path";
}

function parameterRow({ name, in: place, description, schema, example }: Parameter): Html {
  const { pattern, minimum, maximum } = schema;
  const range = minimum === undefined ? undefined : `${minimum} to ${maximum}`;
  const form = pattern ?? range;
  return html`<tr><td><code>${name}</code></td><td>${place}</td><td>${prose(description)}</td><td>${form && html`<code>${form}</code>, `}as in <code>${example}</code></td></tr>
`;
}

function requestBody(body: RequestBody | undefined): Html {
  if (!body) return html``;
  const types = Object.keys(body.content).map((type) => html`<code>${type}</code> `);
  return html`<h4>Body</h4><p>${types}${prose(body.description)}</p>`;
}
