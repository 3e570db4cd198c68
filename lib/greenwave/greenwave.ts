import * as z from "zod/mini";
import { GreenwaveError, GreenwaveUnsatisfiedError, type JsonObject } from "../errors/index.ts";
import { answerJson, answerObject, type HttpClient, NetworkError, UpstreamError } from "../http/index.ts";
import { greenwaveFailure } from "./failure.ts";

/** Longest decision that is read, in bytes: it is shown to the caller, in an answer of at most 6 MB. */
export const MAX_DECISION_BYTES = 1024 * 1024;

/** Greenwave's word for what an NVR is. */
const KOJI_BUILD = "koji_build";

const aboutSchema = z.object({ version: z.string() });

/** Where Greenwave is, and which of its policies are asked about. */
export interface GreenwaveSettings {
  readonly url: string;
  /** Its `decision_context`. */
  readonly context: string;
  readonly product_version: string;
}

/** Greenwave, which decides by its policies and the results of tests whether a build may go on (API 1.0). */
export class Greenwave {
  readonly #http: HttpClient;
  readonly #settings: GreenwaveSettings;
  readonly #base: string;

  constructor(http: HttpClient, settings: GreenwaveSettings) {
    this.#http = http.to("greenwave");
    this.#settings = settings;
    this.#base = `${settings.url.replace(/\/+$/, "")}/api/v1.0`;
  }

  /**
   * The decision that a build may go on, as Greenwave gives its reasons.
   *
   * @throws GreenwaveUnsatisfiedError when it may not
   * @throws GreenwaveError when Greenwave does not say
   */
  async decision(nvr: string): Promise<JsonObject> {
    const what = `get the decision on ${nvr}`;
    const answer = await this.#ask(nvr, what).catch((cause: unknown) => {
      throw greenwaveFailure(what, cause);
    });
    const satisfied = answer["policies_satisfied"];
    if (satisfied === true) return answer;
    // OMPS 11.2 took null and 0 for a no, and 1 and "false" for a yes.
    if (satisfied === false || satisfied === null || satisfied === 0) throw this.#refusal(nvr, answer);
    throw new GreenwaveError(
      `Greenwave's answer on ${nvr} decides nothing: expected policies_satisfied to be true or false, got ${JSON.stringify(satisfied) ?? "none"}.`,
      answer,
    );
  }

  /** Greenwave's version, which tells that it works. Throws GreenwaveError. */
  async about(): Promise<string> {
    const what = "get its version";
    try {
      const answer = await this.#http.read({ url: new URL(`${this.#base}/about`) });
      if (answer.status !== 200) throw new UpstreamError(what, answer.status, answer.body);
      const parsed = aboutSchema.safeParse(answerJson(answer));
      if (parsed.success) return parsed.data.version;
      throw new NetworkError(`${what}: the answer does not have the form of a Greenwave answer`);
    } catch (cause) {
      throw greenwaveFailure(what, cause);
    }
  }

  async #ask(nvr: string, what: string): Promise<JsonObject> {
    const question = {
      product_version: this.#settings.product_version,
      decision_context: this.#settings.context,
      subject_type: KOJI_BUILD,
      subject_identifier: nvr,
    };
    const answer = await this.#http.read({
      url: new URL(`${this.#base}/decision`),
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(question)),
      maxBytes: MAX_DECISION_BYTES,
    });
    if (answer.status !== 200) throw new UpstreamError(what, answer.status, answer.body);
    const decision = answerObject(answer);
    if (decision) return decision;
    throw new NetworkError(`${what}: the answer is no JSON object`);
  }

  #refusal(nvr: string, answer: JsonObject): GreenwaveUnsatisfiedError {
    const { context, product_version: product } = this.#settings;
    const summary = typeof answer["summary"] === "string" ? ` (${answer["summary"].slice(0, 200)})` : "";
    return new GreenwaveUnsatisfiedError(
      `Greenwave's policies for ${product} (${context}) are not satisfied by the build ${nvr}${summary}. See greenwave_response for what is missing; have it tested or waived, and push again.`,
      answer,
    );
  }
}
