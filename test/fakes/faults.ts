import type { Answer } from "./answer.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How an answer goes wrong. Without status, reset, close or hang the request is answered as ever. */
export interface FaultAction {
  readonly status?: number;
  /** The scripted answer's body, as JSON. */
  readonly json?: Json;
  /** The scripted answer's body, as it is. */
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection with a RST. */
  readonly reset?: true;
  /** Ends the connection with a FIN, without an answer. */
  readonly close?: true;
  /** Sends this many bytes of the body, then a FIN. */
  readonly truncate?: number;
  /** Never answers, until the client goes or the fake closes. */
  readonly hang?: true;
  /** Milliseconds to wait before anything else. */
  readonly delay?: number;
  /** Milliseconds between the ten pieces in which the body is sent. */
  readonly drip?: number;
  /** The change is made first; only then the answer goes wrong. */
  readonly after?: true;
}

/** Which requests go wrong, and how. */
export interface Fault<Op extends string, Action = FaultAction> {
  readonly op: Op | "*";
  /** On what the fake says that it compares; a string is looked for anywhere in it. */
  readonly match?: RegExp | string;
  /** So many fitting requests go well first. */
  readonly skip?: number;
  /** So many requests go wrong; all unless told. */
  readonly times?: number;
  readonly do: Action;
}

function fits<Op extends string>({ op, match }: Fault<Op, unknown>, requestOp: Op, subject: string): boolean {
  if (op !== "*" && op !== requestOp) return false;
  if (match === undefined) return true;
  return typeof match === "string" ? subject.includes(match) : subject.search(match) >= 0;
}

/** The faults that are to come, and how often each has had its turn. */
export class FaultScript<Op extends string, Action = FaultAction> {
  #faults: Fault<Op, Action>[] = [];
  #turns = new WeakMap<Fault<Op, Action>, number>();

  get faults(): Fault<Op, Action>[] {
    return this.#faults;
  }

  set faults(faults: readonly Fault<Op, Action>[]) {
    this.#faults = [...faults];
    this.#turns = new WeakMap();
  }

  /** The first fault that is due. Each fitting request counts for all faults that it passes. */
  take(op: Op, subject: string): Action | undefined {
    for (const fault of this.#faults) {
      if (!fits(fault, op, subject)) continue;
      const turn = this.#turns.get(fault) ?? 0;
      const { skip = 0, times = Number.POSITIVE_INFINITY } = fault;
      if (turn >= skip + times) continue;
      this.#turns.set(fault, turn + 1);
      if (turn >= skip) return fault.do;
    }
    return undefined;
  }
}

/** Undefined when the action names no status: then the real answer goes out. */
export function scriptedAnswer(action: FaultAction): Answer | undefined {
  const { status, json, body, contentType, headers } = action;
  if (status === undefined) return undefined;
  const type = contentType ?? (json === undefined ? "text/html; charset=utf-8" : "application/json");
  return {
    status,
    headers: { "content-type": type, ...headers },
    body: json === undefined ? (body ?? "") : JSON.stringify(json),
  };
}

/** An answer of a fake as a fault: what a load balancer or an overloaded service says. */
export function answering({ status, headers, body }: Answer): FaultAction {
  const { "content-type": contentType = "text/html", ...rest } = headers;
  return { status, body, contentType, headers: rest };
}
