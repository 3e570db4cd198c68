/** A text as it is served. */
export interface File {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of all of them. */
export const COMMON = { "cache-control": "public, max-age=300", "x-content-type-options": "nosniff" };

/** A page, and what its browser lets it do. */
export function htmlFile(text: string, contentSecurityPolicy: string): File {
  return {
    text,
    headers: {
      ...COMMON,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
      "referrer-policy": "no-referrer",
    },
  };
}
