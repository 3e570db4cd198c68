import type { OmpsError } from "../errors/index.ts";

/** A JSON Schema, draft 2020-12. */
export interface Schema {
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly example: string;
}

export interface MediaType {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>;
}

export type Content = Readonly<Record<string, MediaType>>;

export interface RequestBody {
  readonly description: string;
  readonly required: boolean;
  readonly content: Content;
}

export interface Header {
  readonly description: string;
  readonly schema: Schema;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Response>>;
  /** Empty: nobody is asked who he is. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

/** What of OpenAPI 3.1 our document has. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, Schema>>;
  };
}

/** One row of the contract's error table, as it is thrown. */
export type ErrorClass = new (message: string) => OmpsError;

/** What is to be said of an operation beside what its route says. */
export interface Description {
  /** Without version; those of all routes begin with it. */
  readonly id: string;
  readonly tag: "Push" | "Releases" | "State" | "Document";
  readonly summary: string;
  readonly description: string;
  /** Whether it needs a token of Quay, or does more with one. */
  readonly authorized: boolean | "optional";
  /** Parameters beside those of the path. */
  readonly parameters?: readonly Parameter[];
  readonly body?: RequestBody;
  /** All answers that are no errors. */
  readonly answers: Readonly<Record<number, Response>>;
  readonly errors: readonly ErrorClass[];
}
