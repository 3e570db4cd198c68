import type { Upstream } from "../telemetry/index.ts";
import { REAL_TIMER } from "../timer.ts";
import { Connections } from "./connections.ts";
import { type HttpResponse, type HttpStream, stream, type WireRequest, whole } from "./exchange.ts";
import { NetworkError, TimeoutError, TooLongError } from "./failure.ts";
import type { HttpClientOptions, HttpTrace } from "./options.ts";
import { isRedirect, redirectTarget } from "./redirect.ts";
import { isFault, mayPass, retryAfterMs } from "./retry.ts";

/** Longest JSON or XML answer that is read, in bytes: a listing of 3,000 packages has about 1 MB. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** How often a read is sent again after a failure that may pass. */
export const READ_RETRIES = 2;

/** First upper bound of the wait before a retry, in milliseconds; it doubles each time (full jitter). */
const RETRY_BASE_MS = 200;

/** What one call has. */
interface CallTime {
  readonly signal: AbortSignal;
  /** In milliseconds. */
  readonly timeLeft: () => number;
}

export interface HttpCall {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** For a read it makes a POST, to services that are asked that way (XML-RPC); redirects are then an answer. */
  readonly body?: Buffer;
  readonly maxBytes?: number;
}

export interface HttpWrite extends HttpCall {
  readonly method: "POST" | "PUT" | "DELETE";
}

/**
 * The way to every other service, for as long as one request lasts. Reads are repeated after passing
 * failures and (but for HEAD and POST) follow redirects within their origin, so that credentials never leave it; writes are sent
 * once and follow none. Connections are kept for the next call and end with `close`: a Lambda container
 * that sleeps between requests would otherwise wake up with dead ones.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #connections: Connections;

  /** @param connections those to use; its own unless told */
  constructor(options: HttpClientOptions, connections: Connections = new Connections(options.trust)) {
    this.#options = options;
    this.#connections = connections;
  }

  /** A client that has no more time than this for each call, over the same connections. */
  within(milliseconds: number): HttpClient {
    const timeoutMs = Math.min(milliseconds, this.#options.timeoutMs);
    return new HttpClient({ ...this.#options, timeoutMs }, this.#connections);
  }

  /** A client whose traces name this service, over the same connections. */
  to(upstream: Upstream): HttpClient {
    return new HttpClient({ ...this.#options, upstream }, this.#connections);
  }

  /**
   * Reads a resource, or asks a question that changes nothing.
   *
   * @throws TimeoutError when the call's time or the request's deadline is over
   * @throws NetworkError when no usable answer came, or it redirects elsewhere or too often
   */
  read(call: HttpCall): Promise<HttpResponse> {
    return this.download(call, whole);
  }

  /** Asks for a resource's headers only. A redirect is an answer, for it tells nothing of the resource. Throws as `read`. */
  head(call: Pick<HttpCall, "url" | "headers">): Promise<HttpResponse> {
    return this.#timed((time) => this.#readWithRetries(call, "HEAD", time, whole));
  }

  /**
   * Reads a resource and hands it to `take` while it comes, anew for each try. Throws as `read`, also from the
   * body, whose errors `take` must let through.
   */
  download<T>(call: HttpCall, take: (answer: HttpStream) => Promise<T>): Promise<T> {
    return this.#timed(async (time) => {
      let { url } = call;
      for (let redirects = 0; ; redirects++) {
        const method = call.body ? "POST" : "GET";
        const outcome = await this.#readWithRetries({ ...call, url }, method, time, async (answer) =>
          !call.body && isRedirect(answer) ? { redirect: answer } : { taken: await take(answer) },
        );
        if (!outcome.redirect) return outcome.taken;
        url = redirectTarget(url, outcome.redirect, redirects);
      }
    });
  }

  /** Sends a change exactly once. Throws as `read`; what the change did is then unknown. */
  write(call: HttpWrite): Promise<HttpResponse> {
    return this.#timed(({ signal }) => this.#stream(call, call.method, 1, signal, whole));
  }

  /**
   * Waits as reads do before another try, for who knows that a write may be sent again.
   *
   * @param attempt how many tries there were
   * @param leastMs how long the service wants it to last, in milliseconds
   * @returns false where there is no time for another try
   */
  pause(attempt: number, leastMs: number): Promise<boolean> {
    return this.#timed(async ({ signal, timeLeft }) => {
      if (signal.aborted || leastMs > timeLeft()) return false;
      return this.#pause(attempt, leastMs, signal).then(
        () => true,
        () => false,
      );
    });
  }

  /** Ends all connections. */
  close(): void {
    this.#connections.close();
  }

  async #readWithRetries<T>(
    call: HttpCall,
    method: "GET" | "HEAD" | "POST",
    { signal, timeLeft }: CallTime,
    take: (answer: HttpStream) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const last = attempt > READ_RETRIES;
      const outcome = await this.#stream(call, method, attempt, signal, async (answer) => {
        const passing = !last && mayPass(answer) && retryAfterMs(answer) <= timeLeft();
        return passing ? { waitMs: retryAfterMs(answer) } : { taken: await take(answer) };
      }).catch((error: unknown) => {
        if (last || !(error instanceof NetworkError) || error instanceof TooLongError) throw error;
        return { waitMs: 0 };
      });
      if (!("waitMs" in outcome)) return outcome.taken;
      await this.#pause(attempt, outcome.waitMs, signal).catch(() => {
        throw new TimeoutError(`${method} ${call.url.host}: no time left for another try`);
      });
    }
  }

  #pause(attempt: number, leastMs: number, signal: AbortSignal): Promise<void> {
    const { sleep, random = Math.random } = this.#options;
    return sleep(Math.max(random() * RETRY_BASE_MS * 2 ** (attempt - 1), leastMs), signal);
  }

  async #stream<T>(
    call: HttpCall,
    method: string,
    attempt: number,
    signal: AbortSignal,
    take: (answer: HttpStream) => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    const elapsed = () => Math.round(performance.now() - started);
    const trace = (outcome: Pick<HttpTrace, "status" | "failure" | "failed">, milliseconds = elapsed()) => {
      const url = `${call.url.origin}${call.url.pathname}`;
      const { upstream } = this.#options;
      this.#options.trace?.({
        ...(upstream && { upstream }),
        method,
        url,
        attempt,
        milliseconds,
        ...outcome,
      });
    };
    try {
      const { status, milliseconds, taken } = await stream(
        this.#wire(call, method, signal),
        async (answer) => {
          const milliseconds = elapsed();
          return { status: answer.status, milliseconds, taken: await take(answer) };
        },
      );
      trace({ status, failed: isFault(status) }, milliseconds);
      return taken;
    } catch (error) {
      // An answer that is too long for us is no fault of the service.
      if (error instanceof NetworkError || error instanceof TimeoutError)
        trace({ failure: error.message, failed: !(error instanceof TooLongError) });
      throw error;
    }
  }

  #wire(call: HttpCall, method: string, signal: AbortSignal): WireRequest {
    return {
      method,
      url: call.url,
      headers: { "user-agent": this.#options.userAgent ?? "omps", ...call.headers },
      body: call.body,
      agent: this.#connections.agent(call.url),
      signal,
      maxBytes: call.maxBytes ?? MAX_ANSWER_BYTES,
    };
  }

  /** Runs a call under its own time and the request's deadline, and leaves no timer behind. */
  async #timed<T>(call: (time: CallTime) => Promise<T>): Promise<T> {
    const { timeoutMs, deadline, timer = REAL_TIMER } = this.#options;
    const controller = new AbortController();
    const end = () => controller.abort();
    const callOff = timer.after(timeoutMs, end);
    const ends = timer.elapsed() + Math.min(timeoutMs, deadline?.left ?? timeoutMs);
    deadline?.signal.addEventListener("abort", end);
    if (deadline?.signal.aborted) end();
    try {
      return await call({ signal: controller.signal, timeLeft: () => ends - timer.elapsed() });
    } finally {
      callOff();
      deadline?.signal.removeEventListener("abort", end);
    }
  }
}
