import type { Answer } from "../answer.ts";
import { compactJson, type Json, spacedJson } from "./python-json.ts";

export type { Answer } from "../answer.ts";

/** Ends the handling of a request with an answer that says no. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`the fake Quay answers ${answer.status}`);
    this.answer = answer;
  }
}

const HTML_UTF8 = "text/html; charset=utf-8";
const WERKZEUG = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n';

function text(status: number, contentType: string, body: string): Answer {
  return { status, headers: { "content-type": contentType }, body };
}

/** An answer of /cnr. */
export function cnrJson(value: Json, status = 200): Answer {
  return text(status, "application/json", `${compactJson(value)}\n`);
}

/** An answer of /api. */
export function apiJson(value: Json, status = 200): Answer {
  return text(status, "application/json", `${spacedJson(value)}\n`);
}

/** Quay's `abort()`: JSON that calls itself HTML, and no newline at its end. */
export function aborted(status: number, error: string): Answer {
  return text(status, HTML_UTF8, spacedJson({ error }));
}

/** gunicorn's page for an exception that nobody caught. */
export const serverError = text(
  500,
  "text/html",
  "<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n" +
    "    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n",
);

export const routeNotFound = text(
  404,
  "text/html",
  `${WERKZEUG}<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server.` +
    " If you entered the URL manually please check your spelling and try again.</p>\n",
);

export function methodNotAllowed(allowed: readonly string[]): Answer {
  const page = text(
    405,
    "text/html",
    `${WERKZEUG}<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n` +
      "<p>The method is not allowed for the requested URL.</p>\n",
  );
  return { ...page, headers: { ...page.headers, allow: allowed.join(", ") } };
}

function nginxPage(title: string): string {
  const lines = [
    "<html>",
    `<head><title>${title}</title></head>`,
    "<body>",
    `<center><h1>${title}</h1></center>`,
    "<hr><center>nginx/1.22.1</center>",
    "</body>",
    "</html>",
    "",
  ];
  return lines.join("\r\n");
}

function closing(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, connection: "close" } };
}

export const bodyTooLarge = closing(text(413, "text/html", nginxPage("413 Request Entity Too Large")));
export const gatewayTimeout = text(504, "text/html", nginxPage("504 Gateway Time-out"));

/** What nginx answers when gunicorn drops the connection. */
export const badGateway = text(
  502,
  HTML_UTF8,
  `${WERKZEUG}<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n`,
);

/** The answer to a user who failed to log in a moment ago; the seconds are rounded down and may be 0. */
export function loginThrottled(seconds: number): Answer {
  const answer = text(
    429,
    HTML_UTF8,
    "Too many login attempts. \nPlease reset your Quay password and try again.",
  );
  return { ...answer, headers: { ...answer.headers, "retry-after": String(seconds) } };
}
