import { apiDocument } from "./document.ts";
import { COMMON, type File, htmlFile } from "./file.ts";
import { CONTENT_SECURITY_POLICY, documentPage } from "./page.ts";

/** The document as JSON. */
export function documentFile(version: string): File {
  const headers = { ...COMMON, "content-type": "application/json" };
  return { text: JSON.stringify(apiDocument(version)), headers };
}

/** The document as a page for people. */
export function pageFile(version: string): File {
  return htmlFile(documentPage(apiDocument(version)), CONTENT_SECURITY_POLICY);
}
