import type { AnswerName } from "./answers.ts";
import type { Response } from "./model.ts";

/** An answer with the body of this name. */
export function body(name: AnswerName, description: string): Response {
  return {
    description,
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  };
}
