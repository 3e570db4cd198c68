import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { App } from "../app.ts";
import {
  AuthorizationHeaderRequiredError,
  InvalidNameError,
  RequestEntityTooLargeError,
} from "../errors/index.ts";
import type { HttpClient, HttpTrace } from "../http/index.ts";
import type { GiveBack, Publisher, Validator } from "../publish/index.ts";
import { Archives, Records } from "../staging/index.ts";
import { type Action, Journal, type Log, type LogFields, type Outcome, Secret } from "../telemetry/index.ts";
import type { Deadline } from "./deadline.ts";
import { lockOf } from "./lock.ts";
import { ORGANIZATION, REPOSITORY } from "./names.ts";
import { registryOf } from "./registry.ts";

/** What a request is made of. */
export interface ApiRequestParts {
  readonly app: App;
  readonly event: APIGatewayProxyEventV2;
  readonly action: Action;
  readonly log: Log;
  readonly deadline: Deadline;
}

/** One request to the API, as the handlers see it. */
export class ApiRequest {
  readonly app: App;
  readonly event: APIGatewayProxyEventV2;
  readonly log: Log;
  readonly deadline: Deadline;
  readonly http: HttpClient;
  readonly journal: Journal;
  /** The small objects of the bucket; undefined where there is none. */
  readonly records: Records | undefined;
  /** The archives of the bucket that wait for their push; undefined where there is none. */
  readonly archives: Archives | undefined;
  #giveBack: GiveBack | undefined;

  constructor({ app, event, action, log, deadline }: ApiRequestParts) {
    this.app = app;
    this.event = event;
    this.log = log;
    this.deadline = deadline;
    const organizations = new Set(Object.keys(app.config.organizations));
    this.journal = new Journal({ action, log, metrics: app.metrics, organizations });
    this.journal.about({ ...event.pathParameters });
    const trace = (line: HttpTrace) => {
      log.debug("Call of another service", { ...line });
      if (line.upstream) this.journal.called(line.upstream, line.milliseconds, line.failed);
    };
    this.http = app.connect(deadline, trace);
    this.records = app.bucket && new Records(this.http, app.bucket);
    this.archives = app.bucket && new Archives(this.http, app.bucket);
  }

  /** Waits, at most up to the deadline. */
  sleep(milliseconds: number): Promise<void> {
    return this.app.sleep(milliseconds, this.deadline.signal);
  }

  /** Gives back the repository that was worked on, where that had to wait until the answer is kept. */
  async giveBack(kept: boolean): Promise<void> {
    await this.#giveBack?.(kept);
    this.#giveBack = undefined;
  }

  /** Frees what the request holds and ends its journal; gives the fields of its line in the log. */
  end(ending: { status: number; outcome: Outcome; errorId?: string }): LogFields {
    const deadlineLeft = this.deadline.left;
    this.deadline.end();
    this.http.close();
    return this.journal.end({ ...ending, deadlineLeft });
  }

  /**
   * The use cases' tools, acting with the caller's token.
   *
   * @throws AuthorizationHeaderRequiredError when there is none
   * @throws InvalidNameError for an organization that cannot be
   */
  publisher(): Publisher {
    const { app, log, journal, deadline } = this;
    const authorization = this.authorization().reveal();
    const caller = this.caller();
    const target = registryOf(this, this.organization(), authorization);
    return {
      caller,
      lock: lockOf(this, {
        // Killed in between, or with an answer that could not be kept, the retry must find what was begun.
        ...(this.header("idempotency-key") !== undefined && {
          afterwards: (giveBack) => {
            this.#giveBack = giveBack;
          },
        }),
      }),
      config: app.config,
      timeLeft: () => deadline.left,
      target,
      tokens: async (organization) => {
        const read = <T>(work: () => Promise<T>) => journal.call("secrets-manager", work);
        return (await app.secrets.tokens(organization, deadline.signal, read)).oauthToken;
      },
      log,
      journal,
    };
  }

  /**
   * What a validation works with: for a caller without a token only what needs none.
   *
   * @throws AuthorizationHeaderRequiredError when there is none, and the configuration wants one
   */
  validator(): Validator {
    const { app, log, journal } = this;
    const anonymous = !this.header("authorization") && app.config.anonymous_validation;
    if (!anonymous) return { ...this.publisher(), mayAsk: true };
    const target = registryOf(this, this.organization(), "");
    return { config: app.config, log, journal, target, mayAsk: false };
  }

  /** The caller's token. Throws AuthorizationHeaderRequiredError. */
  authorization(): Secret {
    const authorization = this.header("authorization");
    if (authorization) return new Secret(authorization);
    throw new AuthorizationHeaderRequiredError(
      "Request contains no 'Authorization' header: send your Quay token in it, as in 'Authorization: basic …'.",
    );
  }

  /** The fingerprint of the caller's token. Throws AuthorizationHeaderRequiredError. */
  caller(): string {
    const token = this.app.fingerprint(this.authorization().reveal());
    this.journal.about({ token });
    return token;
  }

  /** Throws InvalidNameError. */
  organization(): string {
    return named("organization", this.parameter("organization") ?? "", ORGANIZATION);
  }

  /** The repository of the path, undefined where the route has none. Throws InvalidNameError. */
  repository(): string | undefined {
    const name = this.parameter("repository");
    return name === undefined ? undefined : named("repository", name, REPOSITORY);
  }

  /** The NVR of the path as it is; Koji's client refuses what cannot be one. */
  nvr(): string {
    return this.parameter("nvr") ?? "";
  }

  /** The ID of an operation in the path as it is. */
  operation(): string {
    return this.parameter("operation") ?? "";
  }

  /** The version of the path as it is, undefined where the route has none. */
  version(): string | undefined {
    return this.parameter("version");
  }

  /** A parameter of the query; undefined where it is not there. */
  query(name: string): string | undefined {
    return this.event.queryStringParameters?.[name];
  }

  /** A header by its name in lower case. */
  header(name: string): string | undefined {
    return this.event.headers[name];
  }

  /** Throws RequestEntityTooLargeError. */
  body(): Buffer {
    const { body = "", isBase64Encoded } = this.event;
    const content = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
    this.journal.size("request", content.length);
    const limit = this.app.config.max_content_length;
    if (content.length <= limit) return content;
    throw new RequestEntityTooLargeError(
      `The request body has ${content.length} bytes; at most ${limit} are taken. Leave out of the archive what is not needed, or upload up to ${this.app.config.upload_max_size} bytes with POST /v2/{organization}/uploads first.`,
    );
  }

  private parameter(name: string): string | undefined {
    return this.event.pathParameters?.[name];
  }
}

function named(kind: string, name: string, pattern: RegExp): string {
  if (pattern.test(name)) return name;
  throw new InvalidNameError(
    `The ${kind} ${JSON.stringify(name.slice(0, 100))} has characters that Quay does not allow in names, or is too long: expected ${pattern.source}.`,
  );
}
