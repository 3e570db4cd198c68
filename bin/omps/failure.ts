/** How the command ends; the help text tells the same. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unauthorized: 3, failed: 4, interrupted: 130 } as const;

/** Why the command cannot do what was asked, in one line. */
export class Failure extends Error {
  readonly exit: number;
  /** The server's own JSON, where it said something. */
  readonly body: string | undefined;
  /** More lines for people, as findings. */
  readonly details: readonly string[];

  constructor(exit: number, message: string, more: { body?: string; details?: readonly string[] } = {}) {
    super(message);
    this.exit = exit;
    this.body = more.body;
    this.details = more.details ?? [];
  }
}

/** The command was called as it cannot be. */
export class UsageFailure extends Failure {
  constructor(message: string) {
    super(EXIT.usage, message);
  }
}

/** Text of a server as one line that does nothing to a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}
