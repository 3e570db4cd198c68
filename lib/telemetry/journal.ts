import type { Log, LogFields } from "./log.ts";
import type { Dimensions, Metrics } from "./metrics.ts";
import type { Upstream } from "./upstream.ts";

/** What a request does at Quay; `notify` is a notification of a build, which does nothing there. */
export type Action = "push" | "delete" | "read" | "notify";

/**
 * How a request ended: done, queued to be done later, refused for a fault of the caller's, refused because the release is there already
 * (which the contract answers with 500), or failed for a fault of ours or of another service.
 */
export type Outcome = "ok" | "queued" | "refused" | "exists" | "failed";

/** What a request is about. */
export interface Subject {
  readonly organization?: string | undefined;
  readonly repository?: string | undefined;
  readonly version?: string | undefined;
  readonly nvr?: string | undefined;
  /** SHA-256 of the tar that is published, in hex: by that Quay knows the content. */
  readonly digest?: string | undefined;
  /** The kind of registry that it publishes to. */
  readonly target?: string | undefined;
  /** The fingerprint of the caller's token. */
  readonly token?: string | undefined;
}

/** The parts of a push whose time is taken. */
export type Step =
  | "find_build"
  | "list_tags"
  | "fetch_archive"
  | "ask_gate"
  | "unpack"
  | "list_versions"
  | "find_release"
  | "verify"
  | "pack"
  | "read_tokens"
  | "push"
  | "publish"
  | "delete";

/** What has a size, in bytes: the request's body, the zip, what was in it, the tar.gz. */
export type Sized = "request" | "archive" | "unpacked" | "release";

/** A change at Quay. */
export type Change =
  | "Release pushed"
  | "Release may have been pushed"
  | "Release deleted"
  | "Release may have been deleted"
  | "Repository set to public";

export interface JournalOptions {
  readonly action: Action;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The organizations that metrics may have a dimension for; a caller could name any number of others. */
  readonly organizations: ReadonlySet<string>;
}

/** How a request ended, for its journal. */
export interface Ending {
  readonly outcome: Outcome;
  /** HTTP status. */
  readonly status: number;
  /** The contract's, where it ended in an error. */
  readonly errorId?: string;
  /** In milliseconds. */
  readonly deadlineLeft: number;
}

/** One for each call, in order. */
interface Calls {
  /** In milliseconds. */
  readonly latencies: number[];
  /** 1 for one that failed, else 0. */
  readonly failures: (0 | 1)[];
}

/**
 * What is known of one request: what it is about, how long its steps took, how large things were, which services were
 * asked. It ends as the fields of one line of the log, and as metrics.
 */
export class Journal {
  readonly #options: JournalOptions;
  #subject: Subject = {};
  readonly #steps = new Map<Step, number>();
  readonly #sizes = new Map<Sized, number>();
  readonly #calls = new Map<Upstream, Calls>();
  #follower: (step: Step) => void = () => {};

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Says more, or something more exact, of what the request is about. */
  about(subject: Subject): void {
    this.#subject = { ...this.#subject, ...subject };
  }

  /** Has somebody told of each step when it begins. */
  follow(follower: (step: Step) => void): void {
    this.#follower = follower;
  }

  /** Does a step and takes its time, also when it fails; one that is done again adds to it. */
  async step<T>(name: Step, work: () => Promise<T> | T): Promise<T> {
    const started = performance.now();
    this.#follower(name);
    try {
      return await work();
    } finally {
      this.#steps.set(name, (this.#steps.get(name) ?? 0) + performance.now() - started);
    }
  }

  size(name: Sized, bytes: number): void {
    this.#sizes.set(name, bytes);
  }

  /**
   * Notes a call of another service.
   *
   * @param milliseconds undefined where the time says nothing of the service
   */
  called(upstream: Upstream, milliseconds: number | undefined, failed: boolean): void {
    const calls = this.#calls.get(upstream) ?? { latencies: [], failures: [] };
    if (milliseconds !== undefined) calls.latencies.push(Math.round(milliseconds));
    calls.failures.push(failed ? 1 : 0);
    this.#calls.set(upstream, calls);
  }

  /** Calls another service and notes it. */
  async call<T>(upstream: Upstream, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let failed = true;
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      this.called(upstream, performance.now() - started, failed);
    }
  }

  /** Writes that something was changed at Quay, whatever the level of the log is. */
  audit(change: Change, fields: LogFields): void {
    const { organization, repository, nvr, target, token } = this.#subject;
    this.#options.log.audit(change, { organization, repository, nvr, target, token, ...fields });
  }

  /** Counts a public organization that has no token to publish with. */
  missingToken(organization: string): void {
    this.#options.metrics.put({ MissingTokens: 1 }, {}, { organization });
  }

  /** Ends it: puts the metrics, and gives the fields of the request's line. */
  end(ending: Ending): LogFields {
    this.#putAction(ending);
    this.#putCalls();
    const { status, outcome, errorId, deadlineLeft } = ending;
    return {
      ...this.#subject,
      action: this.#options.action,
      status,
      outcome,
      error_id: errorId,
      steps_ms: rounded(this.#steps),
      sizes: Object.fromEntries(this.#sizes),
      calls: Object.fromEntries([...this.#calls].map(([name, calls]) => [name, summaryOf(calls)])),
      deadline_left_ms: Math.round(deadlineLeft),
    };
  }

  #putAction({ outcome, errorId = "none", deadlineLeft }: Ending): void {
    const { action, metrics } = this.#options;
    // What is queued counts when it is done.
    if (action === "notify" || outcome === "queued") return;
    if (action === "read") {
      // Reads are no part of the rate of all: monitors make many. A health check that finds a fault is none of ours.
      if (outcome === "failed" && errorId !== "none") metrics.put({ Failures: 1 }, { action });
      return;
    }
    const kind: Dimensions = { target: this.#subject.target ?? "none", organization: this.#organization() };
    const sets = [{ outcome }, { error_id: errorId }, { ...kind, outcome, error_id: errorId }];
    metrics.put(action === "push" ? { Pushes: 1 } : { Deletions: 1 }, ...sets);
    metrics.put({ Failures: outcome === "failed" ? 1 : 0 }, {}, { action });
    const sizes = {
      request: "RequestBytes",
      archive: "ArchiveBytes",
      unpacked: "UnpackedBytes",
      release: "ReleaseBytes",
    } as const;
    const bytes = [...this.#sizes].map(([name, size]) => [sizes[name], size]);
    metrics.put({ DeadlineLeft: Math.round(deadlineLeft), ...Object.fromEntries(bytes) }, { action });
  }

  #putCalls(): void {
    for (const [upstream, { latencies, failures }] of this.#calls)
      this.#options.metrics.put({ UpstreamLatency: latencies, UpstreamFailures: failures }, { upstream });
  }

  #organization(): string {
    const { organization } = this.#subject;
    return organization !== undefined && this.#options.organizations.has(organization)
      ? organization
      : "other";
  }
}

function rounded(values: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...values].map(([name, value]) => [name, Math.round(value)]));
}

function summaryOf({ latencies, failures }: Calls): object {
  return { count: failures.length, failures: sum(failures), ms: sum(latencies) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
