import fc from "fast-check";

/** How a client goes on after an answer. */
export type ClientName = "osbs" | "iib" | "patient" | "once";

/** When and how a function that works on a request is killed. */
export interface Death {
  /** In which try of the client; 1 is the first. */
  readonly attempt: number;
  /** At which of its waits for something outside; 1 is the first. */
  readonly wait: number;
  /** Whether what it waits for happens: not at all, before it dies, or some time later. */
  readonly happens: "no" | "yes" | "late";
}

interface Asked {
  readonly repo: number;
  readonly caller: number;
  readonly client: ClientName;
  /** Whether it comes with an Idempotency-Key. */
  readonly keyed: boolean;
  /** How many answers are lost on their way to the client; of what it waits for, only where it is keyed. */
  readonly lost: number;
  /** Seconds after the beginning of its group. */
  readonly after: number;
  readonly death: Death | undefined;
}

/** One deliberate push. */
export interface Push extends Asked {
  readonly kind: "push";
  readonly content: number;
  readonly given: string | undefined;
  /** Undefined: the caller waits for the answer. */
  readonly queued: Queued | undefined;
}

/** A push that its caller does not wait for. */
interface Queued {
  /** In which try and where the worker dies. */
  readonly death: Death | undefined;
  /** How often the caller asks how it goes, before he loses patience. */
  readonly asks: number;
}

export interface Deletion extends Asked {
  readonly kind: "delete";
  /** Undefined: all. */
  readonly given: string | undefined;
}

export type Operation = Push | Deletion;

/** Numbers of what there is to choose from. */
export const CHOICES = { repos: 2, contents: 3, callers: 4 } as const;

const death = fc.record<Death>({
  attempt: fc.constantFrom(1, 1, 2),
  wait: fc.integer({ min: 1, max: 14 }),
  happens: fc.constantFrom("no", "yes", "late"),
});

const mortality = fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: death });

const asked = {
  repo: fc.constantFrom(0, 0, 0, 1),
  caller: fc.constantFrom(0, 0, 1, 2, 3),
  client: fc.constantFrom<ClientName>("once", "iib", "osbs", "patient"),
  keyed: fc.constantFrom(false, false, true),
  lost: fc.constantFrom(0, 0, 1),
  after: fc.oneof(fc.constant(0), fc.nat(30)),
  death: mortality,
};

const push = fc.record<Push>({
  kind: fc.constant("push"),
  content: fc.constantFrom(0, 0, 1, 2),
  given: fc.constantFrom(undefined, undefined, undefined, "1.0.0", "2.0.0"),
  queued: fc.option(fc.record<Queued>({ death: mortality, asks: fc.constantFrom(3, 20) }), {
    freq: 2,
    nil: undefined,
  }),
  ...asked,
});

const deletion = fc.record<Deletion>({
  kind: fc.constant("delete"),
  given: fc.constantFrom(undefined, "1.0.0", "2.0.0", "3.0.0"),
  ...asked,
});

/** Those that are there at once: up to four. */
export const operations = fc.array(
  fc.oneof<fc.WeightedArbitrary<Operation>[]>(
    { weight: 5, arbitrary: push },
    { weight: 1, arbitrary: deletion },
  ),
  { minLength: 1, maxLength: 4 },
);
