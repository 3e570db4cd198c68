import { EventEmitter, once } from "node:events";
import type { IncomingMessage } from "node:http";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import * as z from "zod/mini";
import { fakeServer, listenOnLoopback } from "../fakes/loopback.ts";

const requestSchema = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string(),
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
    }),
  ),
});

/** An entry as it was sent. */
export type SentEntry = z.output<typeof requestSchema>["Entries"][number];

/** A stand-in for EventBridge with the one call that the bridge makes. */
export class PutEventsStandIn {
  readonly url: string;
  /** The entries of each call, also of those that were refused. */
  readonly calls: SentEntry[][] = [];
  /** The entries that were taken. */
  readonly taken: SentEntry[] = [];
  /** The error of a call, if it is refused as a whole. */
  refuse: (entries: readonly SentEntry[]) => { status: number; type: string } | undefined = () => undefined;
  /** The error of an entry, if it is not taken. */
  fail: (entry: SentEntry) => string | undefined = () => undefined;
  /** Answers wait for it. */
  held: Promise<unknown> = Promise.resolve();
  readonly close: () => Promise<void>;
  readonly #changes: EventEmitter;

  private constructor(url: string, close: () => Promise<void>, changes: EventEmitter) {
    this.url = url;
    this.close = close;
    this.#changes = changes;
  }

  /** Starts it on a free port. */
  static async start(): Promise<PutEventsStandIn> {
    let standIn: PutEventsStandIn | undefined;
    const server = fakeServer("EventBridge", async (request, response) => {
      const { status, body } = (await standIn?.answer(request)) ?? { status: 503, body: {} };
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    });
    const { url, close } = await listenOnLoopback(server);
    standIn = new PutEventsStandIn(url, close, new EventEmitter());
    return standIn;
  }

  /** A client that speaks to it. */
  client(): EventBridgeClient {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    return new EventBridgeClient({ endpoint: this.url, region: "us-east-1", credentials, maxAttempts: 1 });
  }

  /** The details of the entries that were taken. */
  details(): unknown[] {
    return this.taken.map(({ Detail }) => JSON.parse(Detail));
  }

  /** Waits until something holds, which is looked at after each call. */
  async until(holds: (standIn: this) => boolean): Promise<void> {
    while (!holds(this)) await once(this.#changes, "call");
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const text = Buffer.concat(await request.toArray()).toString();
    const action = request.headers["x-amz-target"];
    if (action !== "AWSEvents.PutEvents")
      return { status: 400, body: { __type: "UnknownOperationException" } };
    const { Entries: entries } = requestSchema.parse(JSON.parse(text));
    this.calls.push(entries);
    this.#changes.emit("call");
    await this.held;
    const refusal = this.refuse(entries);
    if (refusal) return { status: refusal.status, body: { __type: refusal.type, message: "scripted" } };
    const results = entries.map((entry) => this.#take(entry));
    this.#changes.emit("call");
    const failed = results.filter(({ ErrorCode }) => ErrorCode !== undefined);
    return { status: 200, body: { FailedEntryCount: failed.length, Entries: results } };
  }

  #take(entry: SentEntry): { EventId?: string; ErrorCode?: string; ErrorMessage?: string } {
    const code = this.fail(entry);
    if (code !== undefined) return { ErrorCode: code, ErrorMessage: "scripted" };
    this.taken.push(entry);
    return { EventId: `event-${this.taken.length}` };
  }
}
