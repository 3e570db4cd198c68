import { hintFor } from "../lib/operator/hints.ts";
import type { Validation } from "./api.ts";
import { type Child, data, element } from "./element.ts";

/** Findings of one level that are shown; the API's answer has them all. */
const MAX_SHOWN = 500;

/** Errors and warnings, each with the file that its text names, and what to do. */
export function findings({ validation_info, extracted_files }: Validation): Child {
  const files = [...extracted_files].sort((a, b) => b.length - a.length);
  const { errors, warnings } = "errors" in validation_info ? validation_info : { errors: [], warnings: [] };
  return [list("Errors", "errors", errors, files), list("Warnings", "warnings", warnings, files)];
}

function list(title: string, kind: string, texts: readonly string[], files: readonly string[]): Child {
  if (texts.length === 0) return undefined;
  const items = texts.slice(0, MAX_SHOWN).map((text) => {
    const file = files.find((each) => text.includes(each));
    const hint = hintFor(text);
    return element(
      "li",
      {},
      file !== undefined && element("p", { class: "quiet" }, data(file)),
      element("p", {}, data(text)),
      hint !== undefined && element("p", { class: "quiet" }, hint),
    );
  });
  const more = texts.length - items.length;
  return [
    element("h2", {}, `${title} (${texts.length})`),
    element("ul", { class: `findings ${kind}` }, items),
    more > 0 && element("p", { class: "quiet" }, `and ${more} more`),
  ];
}
