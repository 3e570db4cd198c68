import type { EventBridgeEvent, SQSRecord } from "aws-lambda";
import { Deadline } from "../api/index.ts";
import type { App } from "../app.ts";
import type { HttpClient, HttpTrace } from "../http/index.ts";
import { Archives, Records } from "../staging/index.ts";
import { type Action, Journal, type Log, type LogFields, type Outcome } from "../telemetry/index.ts";

/** What is kept of a message's time for what follows from its outcome, in milliseconds: three calls of AWS. */
const SETTLING_MS = 5000;

/** An event that came without a queue, as from a rule of EventBridge whose target is the function. */
export type DirectEvent = EventBridgeEvent<string, unknown>;

/** What a message is made of. */
export interface MessageParts {
  readonly app: App;
  readonly source: SQSRecord | DirectEvent;
  readonly action: Action;
  readonly log: Log;
  /** In milliseconds. */
  readonly timeLeft: number;
}

/** One message of a queue, as the consumers see it. */
export class QueueMessage {
  readonly app: App;
  /** What was sent: the text of a message, or an event as it is. */
  readonly content: unknown;
  /** Undefined for an event that came without a queue. */
  readonly record: SQSRecord | undefined;
  readonly log: Log;
  /** When the work on it must end. */
  readonly deadline: Deadline;
  /** When all must end, also what follows from the outcome. */
  readonly end: Deadline;
  readonly http: HttpClient;
  readonly journal: Journal;
  /** The small objects of the bucket; undefined where there is none. */
  readonly records: Records | undefined;
  /** The archives of the bucket that wait for their push; undefined where there is none. */
  readonly archives: Archives | undefined;
  /** For what is left to do also when the time is over. */
  readonly afterwards: HttpClient;

  constructor({ app, source, action, log, timeLeft }: MessageParts) {
    this.app = app;
    this.record = "body" in source ? source : undefined;
    this.content = "body" in source ? source.body : source;
    this.log = log;
    this.deadline = new Deadline(timeLeft - SETTLING_MS, app.timer);
    this.end = new Deadline(timeLeft, app.timer);
    const organizations = new Set(Object.keys(app.config.organizations));
    this.journal = new Journal({ action, log, metrics: app.metrics, organizations });
    const trace = (line: HttpTrace) => {
      log.debug("Call of another service", { ...line });
      if (line.upstream) this.journal.called(line.upstream, line.milliseconds, line.failed);
    };
    this.http = app.connect(this.deadline, trace);
    // A lock is given back, and an end is kept, also then.
    this.afterwards = app.connect(this.end, trace);
    this.records = app.bucket && new Records(this.afterwards, app.bucket);
    this.archives = app.bucket && new Archives(this.afterwards, app.bucket);
  }

  /** How often it has been handed out, this time included. */
  get tries(): number {
    return Number(this.record?.attributes.ApproximateReceiveCount ?? 1);
  }

  /** Ends its journal; gives the fields of its line in the log. */
  close(ending: { status: number; outcome: Outcome; errorId?: string }): LogFields {
    return this.journal.end({ ...ending, deadlineLeft: this.deadline.left });
  }

  /** Frees what it holds. */
  free(): void {
    this.deadline.end();
    this.end.end();
    this.http.close();
    this.afterwards.close();
  }
}
