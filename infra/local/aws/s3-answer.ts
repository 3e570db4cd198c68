/** What S3 answers. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const XML = { "content-type": "application/xml" };

/** A document with this root element. */
export function document(root: string, content: string): S3Answer {
  return { status: 200, headers: XML, body: `<${root}>${content}</${root}>` };
}

/** An error, by the code that S3 has for it. */
export function failure(status: number, code: string): S3Answer {
  return { status, headers: XML, body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>` };
}

/** An element with a text. */
export function element(name: string, text: string | number | boolean): string {
  const escaped = String(text).replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}
