export type { AnswerOf } from "./answers.ts";
export { apiDocument } from "./document.ts";
export { documentFile, pageFile } from "./files.ts";
export type { OpenApiDocument, Response } from "./model.ts";
