import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./build/places.ts";

/** What the admin of an alarm reads. */
const RUNBOOK = "docs/runbook.md";

/** What each section of it must have. */
const PARTS = ["Description", "Investigation", "Resolution"];

/** The runbook, as far as alarms name its sections. */
export class Runbook {
  readonly #sections: ReadonlyMap<string, readonly string[]>;

  /** @param text Markdown: a section is a heading of the second level, its parts are headings of the third */
  constructor(text: string = readFileSync(join(PROJECT, RUNBOOK), "utf8")) {
    const sections = text.split(/^## /m).slice(1);
    this.#sections = new Map(sections.map((section) => [titleOf(section), partsOf(section)]));
  }

  /**
   * Where a section is, for the description of an alarm.
   *
   * @throws Error when it is not there, or lacks a part
   */
  place(section: string): string {
    const parts = this.#sections.get(section);
    if (!parts) throw new Error(`${RUNBOOK} has no section "${section}", which an alarm names. Write it.`);
    const missing = PARTS.filter((part) => !parts.includes(part));
    if (missing.length === 0) return `${RUNBOOK}, section "${section}"`;
    throw new Error(`The section "${section}" of ${RUNBOOK} lacks ${missing.join(", ")}.`);
  }
}

function titleOf(section: string): string {
  return section.split("\n", 1)[0]?.trim() ?? "";
}

function partsOf(section: string): string[] {
  return [...section.matchAll(/^### (.+)$/gm)].map(([, title = ""]) => title.trim());
}
