import { gzipSync } from "node:zlib";
import { type QuayFake, type QuayFakeOptions, type QuaySeed, replaySeed, startQuayFake } from "../quay.ts";
import { AUTHORIZATION } from "./recording.ts";

export const PACKAGES = "/cnr/api/v1/packages";
export const FOO = `${PACKAGES}/acme/foo`;

/** `as` is a label of the recording's credentials; one that is not among them is nobody. */
type Asking = RequestInit & { readonly as?: string };

/** The recording's people, and acme/foo with these releases. */
export function withReleases(...releases: string[]): QuaySeed {
  return { ...replaySeed, repositories: [{ name: "acme/foo", releases }] };
}

/** A push whose content is no tar but a gzip all the same: Quay does not look. */
export function parcel(release: string, content = release) {
  return { release, media_type: "helm", blob: gzipSync(content).toString("base64") };
}

/** A fake with a client beside it, and a clock that stands still until a test moves it. */
export class Probe {
  readonly quay: QuayFake;
  readonly #clock: { time: number };

  private constructor(quay: QuayFake, clock: { time: number }) {
    this.quay = quay;
    this.#clock = clock;
  }

  static async start(options: QuayFakeOptions = {}): Promise<Probe> {
    const clock = { time: Date.parse("2026-11-24T08:00:00Z") };
    const now = () => new Date(clock.time);
    return new Probe(await startQuayFake({ seed: replaySeed, now, ...options }), clock);
  }

  pass(seconds: number): void {
    this.#clock.time += seconds * 1000;
  }

  ask(path: string, { as = "alice", ...init }: Asking = {}): Promise<Response> {
    const authorization = AUTHORIZATION[as];
    return fetch(this.quay.url + path, { headers: authorization ? { authorization } : {}, ...init });
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.ask(path, { method: "POST", body: JSON.stringify(body) });
  }

  remove(path: string): Promise<Response> {
    return this.ask(path, { method: "DELETE" });
  }

  async json(path: string, as = "alice"): Promise<unknown> {
    const response = await this.ask(path, { as });
    return response.json();
  }
}
