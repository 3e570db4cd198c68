import { randomUUID, sign, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { listenOnLoopback } from "../fakes/loopback.ts";
import { SERVER } from "../support/tls.ts";
import { type Account, accountOf } from "./accounts.ts";

/** Both names must be the same here and in the registry's configuration. */
export const ISSUER = "OMPS test tokens";
export const SERVICE = "registry.test";

/** How long a token is good, in seconds. */
const LIFE = 300;

/** A server that gives the tokens which the registry asks for. */
export interface AuthServer {
  /** Its only resource: the `realm` of the registry's challenge. */
  readonly url: URL;
  close(): Promise<void>;
}

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/**
 * Starts a token server (the Docker registry's token authentication), which gives everyone who has the right password a
 * token with as much of what was asked for as he may do.
 *
 * @param tls whether with the certificate of test/support/tls.ts, which signs the tokens too
 */
export async function startAuthServer({ tls }: { readonly tls: boolean }): Promise<AuthServer> {
  const [key, cert] = [SERVER.key, SERVER.cert].map((file) => readFileSync(file));
  const server = tls ? createHttpsServer({ key, cert }, answer) : createHttpServer(answer);
  const { port, close } = await listenOnLoopback(server);
  return { url: new URL(`${tls ? "https" : "http"}://127.0.0.1:${port}/v2/auth`), close };
}

const answer: RequestListener = (request, response) => {
  const account = accountOf(request.headers.authorization);
  const { searchParams } = new URL(request.url ?? "/", "http://localhost");
  const [status, body] = account
    ? [200, { token: token(account, searchParams.getAll("scope")), expires_in: LIFE }]
    : [401, { errors: [{ code: "UNAUTHORIZED", message: "Wrong user or password" }] }];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

/** A JWT, with the certificate that its signature is checked by. */
function token(account: Account, scopes: readonly string[]): string {
  const certificate = new X509Certificate(readFileSync(SERVER.cert));
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: "JWT", alg: "ES256", x5c: [certificate.raw.toString("base64")] };
  const claims = {
    iss: ISSUER,
    aud: SERVICE,
    sub: account.username,
    iat: now,
    // A clock's step back is no concern of these tests.
    nbf: now - 1,
    exp: now + LIFE,
    jti: randomUUID(),
    access: scopes.map((scope) => granted(account, scope)),
  };
  const signed = [header, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  const key = { key: readFileSync(SERVER.key), dsaEncoding: "ieee-p1363" } as const;
  return `${signed}.${base64url(sign("sha256", Buffer.from(signed), key))}`;
}

/** Of a scope, `repository:<name>:<action>,<action>`, what the account may do. */
function granted(account: Account, scope: string): Access {
  const [type = "", name = "", actions = ""] = scope.split(":");
  const may = type === "repository" ? account.may(name) : [];
  return { type, name, actions: actions.split(",").filter((action) => may.includes(action)) };
}

function base64url(bytes: string | Buffer): string {
  return Buffer.from(bytes).toString("base64url");
}
