import { apiDocument } from "./document.ts";
import { CONTENT_SECURITY_POLICY, documentPage } from "./page.ts";

/** A text as it is served. */
export interface File {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

const COMMON = { "cache-control": "public, max-age=300", "x-content-type-options": "nosniff" };

/** The document as JSON. */
export function documentFile(version: string): File {
  const headers = { ...COMMON, "content-type": "application/json" };
  return { text: JSON.stringify(apiDocument(version)), headers };
}

/** The document as a page for people. */
export function pageFile(version: string): File {
  const headers = {
    ...COMMON,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
  };
  return { text: documentPage(apiDocument(version)), headers };
}
