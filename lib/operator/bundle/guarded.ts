import { PackageValidationError } from "../../errors/index.ts";
import { Field, UnusableField } from "../field.ts";
import type { Findings } from "../findings.ts";

/**
 * Takes a step that stops where a field has a type with which nothing can be done. That is an error like others: the
 * steps behind it go on.
 *
 * @returns undefined where the step stopped
 * @throws UnusableField that is about the whole archive and no file of it: a limit is reached, nothing can go on
 */
export function guarded<T>(file: string, findings: Findings, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    const aboutFile = error instanceof UnusableField && error.file !== undefined;
    if (!(aboutFile || error instanceof PackageValidationError)) throw error;
    const at = (aboutFile ? error.file : undefined) ?? file;
    const message = withoutFile(error.message, at);
    // A field of one file can stop the rules for another too.
    const told = findings.all.some((finding) => finding.file === at && finding.message === message);
    if (!told) findings.error(new Field(at, null), message);
    return undefined;
  }
}

/** A message without the file that it starts with: findings have it apart. */
export function withoutFile(message: string, file: string): string {
  return message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
}
