import { createHash } from "node:crypto";
import type { ApiRequest } from "./request.ts";

/** The header `ETag` of a content. */
export function etagOf(content: string): string {
  return `"${createHash("sha256").update(content).digest("base64url")}"`;
}

/** Whether the caller has the content with this tag already, and wants nothing but that word: 304. */
export function isKnown(request: Pick<ApiRequest, "header">, etag: string): boolean {
  const known = request.header("if-none-match")?.split(",") ?? [];
  return known.some((each) => [etag, "*"].includes(each.trim().replace(/^W\//, "")));
}
