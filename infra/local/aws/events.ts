import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";
import type { Clock } from "./account.ts";
import { type Entry, entrySchema, eventOf, sizeOf } from "./events-entry.ts";
import { type EventPattern, matches } from "./events-pattern.ts";
import { type JsonAnswer, readCall, say } from "./json-answer.ts";
import type { Queue } from "./sqs-queue.ts";

/** The limit of all entries of a request together, in bytes. */
const MAX_BYTES = 1_048_576;

const requestSchema = z.strictObject({
  Entries: z.array(entrySchema).check(z.minLength(1), z.maxLength(10)),
});

/** Events that fit go to a queue, which is no FIFO queue. */
export interface RuleDeclaration {
  readonly pattern: EventPattern;
  /** A declared queue's name. */
  readonly queue: string;
}

/** A bus that is there from the start. */
export interface BusDeclaration {
  readonly name: string;
  readonly rules: readonly RuleDeclaration[];
}

/**
 * A stand-in for EventBridge, with the call that the service makes. An event for a bus that is not declared is
 * accepted and lost, as at AWS.
 */
export class EventBridgeStandIn {
  /** `PutEvents bus`, with the bus of each entry, in order. */
  readonly requests: string[] = [];
  /** What requests are answered with 500, by a part of their line in `requests`. */
  readonly faults = new Set<string>();
  readonly #rules: ReadonlyMap<string, readonly RuleDeclaration[]>;
  readonly #queues: ReadonlyMap<string, Queue>;
  readonly #now: Clock;

  /** @throws Error for a rule whose queue is not declared, or is a FIFO queue */
  constructor(buses: readonly BusDeclaration[], queues: ReadonlyMap<string, Queue>, now: Clock) {
    this.#rules = new Map(buses.map(({ name, rules }) => [name, rules]));
    this.#queues = queues;
    this.#now = now;
    for (const { queue } of buses.flatMap(({ rules }) => rules)) {
      if (queues.get(queue)?.fifo !== false) throw new Error(`No rule can send to ${queue}.`);
    }
  }

  /** Forgets requests and faults. */
  reset(): void {
    this.faults.clear();
    this.requests.length = 0;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { operation, input } = await readCall(request);
    say(response, "1.1", this.#answered(operation, input));
  }

  #answered(operation: string, input: unknown): JsonAnswer {
    if (operation !== "PutEvents") return refusal("UnknownOperationException", operation);
    const asked = requestSchema.safeParse(input);
    if (!asked.success) return refusal("ValidationException", asked.error.message);
    const { Entries: entries } = asked.data;
    const line = `PutEvents ${entries.map(busOf).join(" ")}`;
    this.requests.push(line);
    if ([...this.faults].some((fault) => line.includes(fault))) {
      return { ...refusal("InternalException", "scripted"), status: 500 };
    }
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_BYTES) {
      return refusal("ValidationException", "Total size of the entries in the request is over the limit.");
    }
    const results = entries.map((entry) => this.#put(entry));
    const failed = results.filter((result) => "ErrorCode" in result);
    return { status: 200, body: { FailedEntryCount: failed.length, Entries: results } };
  }

  #put(entry: Entry): object {
    const event = eventOf(entry, this.#now());
    if ("ErrorCode" in event) return event;
    const rules = this.#rules.get(busOf(entry)) ?? [];
    for (const { pattern, queue } of rules) {
      if (matches(pattern, event)) this.#queues.get(queue)?.send({ body: JSON.stringify(event) });
    }
    return { EventId: event.id };
  }
}

/** A bus may be named by its ARN too. */
function busOf({ EventBusName: name = "default" }: Entry): string {
  return name.split("/").at(-1) ?? name;
}

function refusal(__type: string, message: string): JsonAnswer {
  return { status: 400, body: { __type, message } };
}
