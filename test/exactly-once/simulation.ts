/** When each simulation begins, in milliseconds since 1970. */
const BEGINNING = Date.parse("2026-11-24T08:00:00Z");

/** How long the code under test may be at work in one turn, in milliseconds of real time. */
const PATIENCE_MS = 30_000;

/** How much later an alarm comes that must not come now, in milliseconds. */
const FIRM_MS = 50;

/** One who does one thing after another: at each moment he works, or waits for a single thing. */
export class Actor {
  readonly name: string;
  /** Takes back what he waits for, as he goes on without it. */
  leave: (() => void) | undefined;
  /** Whether alarms come only after what he waits for. */
  firm = false;
  /** What ends his sleep, where that is what he waits for. */
  signal: AbortSignal | undefined;

  constructor(name: string) {
    this.name = name;
  }
}

interface Happening {
  readonly at: number;
  readonly happen: () => Promise<void> | void;
}

/**
 * Time and order of all that goes on, both made up. One actor works at a time; the next may work when he waits for an
 * answer, or sleeps. Whose turn it is then is drawn by lot, so that a seed tells the whole order. Time passes only from
 * one thing that is to happen to the next.
 */
export class Simulation {
  readonly #happenings = new Set<Happening>();
  readonly #waiting: (() => void)[] = [];
  readonly #trace: string[] = [];
  readonly #clock: Float64Array;
  /** How often of a hundred times time passes while somebody waits for an answer. */
  sluggish: number;
  #lot: number;
  #working: Actor | undefined;
  #rest = Promise.withResolvers<void>();
  #active = 0;
  #awaited = 0;
  #aside = false;

  /** @param clock where the time is written for all threads */
  constructor(seed: number, clock: Float64Array, sluggish: number) {
    this.#lot = seed;
    this.#clock = clock;
    this.sluggish = sluggish;
    clock[0] = BEGINNING;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#clock[0] ?? 0;
  }

  get trace(): readonly string[] {
    return this.#trace;
  }

  note(line: string): void {
    this.#trace.push(`${((this.now - BEGINNING) / 1000).toFixed(2).padStart(8)} ${line}`);
  }

  /** From 0 to below 1, drawn by lot (mulberry32). */
  random(): number {
    this.#lot = (this.#lot + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#lot ^ (this.#lot >>> 15), 1 | this.#lot);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** The one who works. */
  get working(): Actor {
    if (!this.#working) throw new Error("nobody is at work");
    return this.#working;
  }

  /** Whether what is done now is done beside what an actor waits for: it does not wait itself. */
  get aside(): boolean {
    return this.#aside;
  }

  /**
   * Lets an actor begin after some milliseconds.
   *
   * @param awaited whether `run` ends only after him
   */
  enter(name: string, delay: number, act: () => Promise<void>, awaited = true): void {
    this.#active++;
    if (awaited) this.#awaited++;
    this.later(delay, () => {
      this.resume(new Actor(name));
      act().then(
        () => this.#leaveStage(awaited),
        (error: unknown) => this.#rest.reject(error),
      );
    });
  }

  /** Ends all with this error. The result never comes, so that nobody goes on. */
  fail(error: unknown): Promise<never> {
    this.#rest.reject(error);
    return new Promise(() => {});
  }

  /** Makes something happen after some milliseconds. The result calls it off. */
  later(milliseconds: number, happen: Happening["happen"]): () => void {
    const happening = { at: this.now + milliseconds, happen };
    this.#happenings.add(happening);
    return () => this.#happenings.delete(happening);
  }

  /** Ends the waiting of an actor: he works on. */
  resume(actor: Actor): void {
    actor.leave = undefined;
    actor.firm = false;
    actor.signal = undefined;
    this.#working = actor;
  }

  /** The one who works waits from now on. */
  pause(leave?: () => void): Actor {
    const actor = this.working;
    actor.leave = leave;
    this.#working = undefined;
    this.#rest.resolve();
    return actor;
  }

  /**
   * Has the one who works wait until it is his turn; then nobody else's.
   *
   * @param leave what happens when he goes on without it; the result never comes then
   * @param firm whether he does not go on without it
   */
  turn(leave: () => void, firm = false): Promise<Actor> {
    const { promise, resolve } = Promise.withResolvers<Actor>();
    const take = () => {
      actor.leave = undefined;
      actor.firm = false;
      resolve(actor);
    };
    const actor = this.pause(() => {
      this.#waiting.splice(this.#waiting.indexOf(take), 1);
      leave();
    });
    actor.firm = firm;
    this.#waiting.push(take);
    return promise;
  }

  /** Has the one who works sleep. Rejects when the signal ends it. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    const actor = this.pause(() => callOff());
    actor.signal = signal;
    const callOff = this.later(milliseconds, () => {
      this.resume(actor);
      resolve();
    });
    return promise;
  }

  /**
   * Does something after some milliseconds to the one who works, who then no longer waits; but what gives a promise is
   * done beside what he waits for, and at once.
   */
  alarm(milliseconds: number, act: () => unknown): () => void {
    const actor = this.working;
    const ring = async (): Promise<void> => {
      if (actor.firm) {
        callOff = this.later(FIRM_MS, ring);
        return;
      }
      this.#working = actor;
      this.#aside = true;
      const beside = act();
      if (beside instanceof Promise) await beside;
      this.#aside = false;
      if (beside instanceof Promise || actor.signal?.aborted === false) this.#working = undefined;
      else {
        actor.leave?.();
        this.resume(actor);
      }
    };
    let callOff = this.later(milliseconds, ring);
    return () => callOff();
  }

  /** Lets all who are awaited come to their end. Rejects with the first error of an actor. */
  async run(): Promise<void> {
    while (this.#awaited > 0) await this.#step();
  }

  /** Lets all come to their end. */
  async drain(): Promise<void> {
    while (this.#active > 0) await this.#step();
  }

  /** Lets time pass while nobody asks for anything. */
  async pass(milliseconds: number): Promise<void> {
    this.enter("time", 0, () => this.sleep(milliseconds));
    await this.run();
  }

  async #step(): Promise<void> {
    this.#rest = Promise.withResolvers();
    const next = this.#next();
    const take = this.#draw(next);
    if (take) take();
    else if (next) {
      await this.#happen(next);
      if (!this.#working) return;
    } else throw new Error("everybody waits for nothing");
    await this.#rested();
  }

  /** Whose turn it is among those who wait; undefined: it is time for what happens next. */
  #draw(next: Happening | undefined): (() => void) | undefined {
    const isDue = next !== undefined && next.at <= this.now;
    if (next && !isDue && this.random() * 100 < this.sluggish) return undefined;
    const index = Math.floor(this.random() * (this.#waiting.length + (isDue ? 1 : 0)));
    return this.#waiting.splice(index, 1)[0];
  }

  async #rested(): Promise<void> {
    const timer = setTimeout(() => this.#rest.reject(new Error("somebody works without end")), PATIENCE_MS);
    await this.#rest.promise.finally(() => clearTimeout(timer));
  }

  async #happen(happening: Happening): Promise<void> {
    this.#happenings.delete(happening);
    this.#clock[0] = Math.max(this.now, happening.at);
    await happening.happen();
  }

  #next(): Happening | undefined {
    let first: Happening | undefined;
    for (const each of this.#happenings) if (!first || each.at < first.at) first = each;
    return first;
  }

  #leaveStage(awaited: boolean): void {
    this.#active--;
    if (awaited) this.#awaited--;
    this.pause();
  }
}
