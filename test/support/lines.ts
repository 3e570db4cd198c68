import * as z from "zod/mini";

const lineSchema = z.looseObject({ message: z.optional(z.string()), _aws: z.optional(z.unknown()) });

/** One line of a function's output. */
export type Line = z.output<typeof lineSchema>;

/** Lines of the log with this message. */
export function said(lines: readonly string[], message: RegExp): Line[] {
  return parsed(lines).filter((line) => message.test(line.message ?? ""));
}

/** Lines of metrics that have this one. */
export function metric(lines: readonly string[], name: string): Line[] {
  return parsed(lines).filter((line) => line._aws !== undefined && name in line);
}

function parsed(lines: readonly string[]): Line[] {
  return lines.map((line) => lineSchema.parse(JSON.parse(line)));
}
