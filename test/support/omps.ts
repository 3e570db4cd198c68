import { startAws } from "../../infra/local/aws/aws.ts";
import type { KmsStandIn } from "../../infra/local/aws/kms.ts";
import type { S3StandIn } from "../../infra/local/aws/s3.ts";
import type { SecretsManagerStandIn } from "../../infra/local/aws/secrets-manager.ts";
import { toEvent } from "../../infra/local/event.ts";
import { matchPath } from "../../lib/api/index.ts";
import { type GreenwaveFake, startGreenwaveFake } from "../fakes/greenwave.ts";
import { type KojiFake, startKojiFake } from "../fakes/koji.ts";
import { type MessagingFake, startMessaging } from "../fakes/messaging.ts";
import { type QuayFake, type QuaySeed, startQuayFake } from "../fakes/quay.ts";
import { checkDocumented } from "./documented.ts";
import { openTransport, type Transport } from "./transport/index.ts";

/** The organization, caller and tokens of the tests. */
export const ACME = {
  organization: "acme",
  token: `basic ${Buffer.from("acme+bot:canary-robot-token").toString("base64")}`,
  stranger: `basic ${Buffer.from("acme+stranger:secret").toString("base64")}`,
  oauthToken: "canary-oauth-token-of-forty-characters-0",
} as const;

/** A Quay where the caller of the tests may do everything in `acme` and in `open`. */
export const ACME_QUAY: QuaySeed = {
  users: [{ name: "owner", password: "secret" }],
  robots: [
    { name: "acme+bot", token: "canary-robot-token" },
    { name: "acme+stranger", token: "secret" },
  ],
  oauthTokens: [
    { token: ACME.oauthToken, owner: "owner", scopes: ["repo:admin", "repo:read", "repo:create"] },
  ],
  organizations: ["acme", "open"].map((name) => ({ name, owners: ["owner", "acme+bot"] })),
};

export interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Undefined: none. */
  readonly authorization?: string | undefined;
  readonly now?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { readonly [key: string]: unknown };
  /** What is no JSON. */
  readonly text?: string;
}

/** The service, with services around it that are all its own. */
export interface Omps {
  readonly quay: QuayFake;
  readonly koji: KojiFake;
  /** Asked only where the options say so. */
  readonly greenwave: GreenwaveFake;
  readonly secrets: SecretsManagerStandIn;
  readonly s3: S3StandIn;
  readonly kms: KmsStandIn;
  /** What was sent to queues and put on the bus. */
  readonly messaging: MessagingFake;
  /** All that was logged: the very lines that a function prints. */
  readonly lines: string[];
  /**
   * Calls the handler of the route, as API Gateway would. Sends the caller's token unless told. Throws for an answer
   * that is not as documented.
   */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Uploads a zip to a path. */
  upload(path: string, zip: Buffer, call?: Call): Promise<Answer>;
  /** Hands a batch, or a single event, to a function that queues call. */
  readonly deliver: Transport["deliver"];
  /** Operations at Quay since the last reset, in order. */
  ops(): string[];
  reset(seed?: QuaySeed): void;
  close(): Promise<void>;
}

export interface OmpsOptions {
  readonly config?: object;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether Greenwave is configured, with GREENWAVE; it is not unless told. */
  readonly greenwave?: boolean;
}

/** How Greenwave is asked. */
export const GREENWAVE = { context: "omps_push", product_version: "product-1" } as const;

export async function startOmps(options: OmpsOptions = {}): Promise<Omps> {
  const quay = await startQuayFake({ seed: ACME_QUAY });
  const koji = await startKojiFake();
  const greenwave = await startGreenwaveFake();
  const aws = await startAws(options.secrets);
  const messaging = await startMessaging(aws.settings);
  const lines: string[] = [];
  const settings = {
    quay_url: quay.url,
    kojihub_url: koji.hubUrl,
    kojiroot_url: koji.rootUrl,
    ...(options.greenwave && { greenwave: { url: greenwave.url, ...GREENWAVE } }),
    log_level: "DEBUG",
    ...options.config,
  };
  const transport = await openTransport({
    settings,
    aws: messaging.settings,
    stagingBucket: "staging",
    lines,
  });

  const call: Omps["call"] = async (method, path, { headers = {}, body, now, ...given } = {}) => {
    const authorization = "authorization" in given ? given.authorization : ACME.token;
    const all = { ...(authorization !== undefined && { authorization }), ...headers };
    const event = toEvent({ method, target: path, headers: all, body }, now);
    const match = matchPath(event.rawPath).find(({ route }) => route.methods.includes(method));
    const name = match?.route.serves ?? "not-found";
    const result = await transport.invoke(name, event);
    const answer = { status: result.statusCode ?? 0, headers: result.headers ?? {} };
    const text = result.body ?? "";
    const isJson = answer.headers["content-type"] === "application/json";
    const content: unknown = isJson ? JSON.parse(text) : text;
    checkDocumented(method, match?.route, { ...answer, body: content });
    if (!isJson) return { ...answer, body: {}, text };
    if (typeof content !== "object" || content === null) throw new TypeError(`no JSON object: ${text}`);
    return { ...answer, body: { ...content } };
  };
  return {
    quay,
    koji,
    greenwave,
    secrets: aws.secretsManager,
    s3: aws.s3,
    kms: aws.kms,
    messaging,
    lines,
    call,
    upload: (path, zip, options = {}) => call("POST", path, { ...form(zip), ...options }),
    deliver: (name, event) => transport.deliver(name, event),
    ops: () => quay.requests.map(({ op }) => op),
    reset: (seed = ACME_QUAY) => {
      quay.reset(seed);
      quay.faults = [];
      koji.reset();
      greenwave.reset();
      aws.secretsManager.faults.clear();
      aws.s3.reset();
      aws.kms.reset();
      messaging.reset();
      lines.length = 0;
    },
    close: async () => {
      await transport.close();
      await Promise.all([quay, koji, greenwave, messaging, aws].map((each) => each.close()));
    },
  };
}

/** A multipart body with the zip in the field `file`, as curl makes it. */
export function form(
  zip: Buffer,
  filename = "manifests.zip",
): { headers: Record<string, string>; body: Buffer } {
  const head = `--XX\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: application/zip\r\n\r\n`;
  return {
    headers: { "content-type": "multipart/form-data; boundary=XX" },
    body: Buffer.concat([Buffer.from(head), zip, Buffer.from("\r\n--XX--\r\n")]),
  };
}
