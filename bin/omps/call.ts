import type { Given } from "./arguments.ts";
import { credentialsFile, storedToken } from "./credentials.ts";
import { EXIT, Failure, UsageFailure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_RETRIES = 5;

/** One run of a command: what was asked for, by whom, and of which server. */
export class Call {
  readonly given: Given;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;

  constructor(given: Given, terminal: Terminal, env: NodeJS.ProcessEnv) {
    this.given = given;
    this.terminal = terminal;
    this.env = env;
  }

  get json(): boolean {
    return this.given.flag("json");
  }

  /**
   * The server's address, without a slash at its end.
   *
   * @throws UsageFailure where none is named, or one that is none
   */
  server(): string {
    const text = this.given.text("server") ?? this.env["OMPS_SERVER"] ?? "";
    if (text === "") throw new UsageFailure("Name the server with --server, or set OMPS_SERVER.");
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol))
      throw new UsageFailure(
        `The server must be a URL like https://omps.example.com, not ${JSON.stringify(text)}.`,
      );
    if (url.username !== "" || url.password !== "")
      throw new UsageFailure("The server's URL must have no user or password; run 'omps login' instead.");
    return (url.origin + url.pathname).replace(/\/+$/, "");
  }

  /** @throws UsageFailure where none is named */
  organization(): string {
    const name = this.given.text("org") ?? this.env["OMPS_ORG"] ?? "";
    if (name === "") throw new UsageFailure("Name the organization with --org, or set OMPS_ORG.");
    return name;
  }

  retries(): number {
    const text = this.given.text("retries") ?? String(DEFAULT_RETRIES);
    if (!/^\d{1,2}$/.test(text))
      throw new UsageFailure(`--retries must be a number from 0 to 99, not ${JSON.stringify(text)}.`);
    return Number(text);
  }

  /** The token that is to be used, undefined where there is none. Throws a UsageFailure for one that is none. */
  token(): string | undefined {
    const named = this.env["OMPS_TOKEN"]?.trim() ?? "";
    const token = named === "" ? storedToken(credentialsFile(this.env), this.server()) : named;
    if (token !== undefined) checkToken(token);
    return token;
  }

  /** @throws Failure where there is none */
  neededToken(): string {
    const token = this.token();
    if (token !== undefined) return token;
    const server = this.server();
    throw new Failure(
      EXIT.unauthorized,
      `There is no token for ${server}: run 'omps login --server ${server}', or set OMPS_TOKEN.`,
    );
  }
}

/** What a header cannot carry is never told: it may be half of a secret. */
export function checkToken(token: string): void {
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(token)) return;
  throw new UsageFailure("The token has line breaks or characters that no token has.");
}
