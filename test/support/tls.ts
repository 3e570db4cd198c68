import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { fileURLToPath } from "node:url";
import { listenOnLoopback } from "../fakes/loopback.ts";

const FIXTURES = new URL("../fixtures/tls/", import.meta.url);

/** A file with the certificate of a private CA, which nobody trusts of himself. `make.sh` beside it made it. */
export const PRIVATE_CA: string = fileURLToPath(new URL("ca.pem", FIXTURES));

/** Files of a certificate, and of its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A server's, for 127.0.0.1, of the private CA. */
export const SERVER: CertificateFiles = certificateOf("server");

/** A client's, whose name is "bridge", of the private CA. */
export const CLIENT: CertificateFiles = certificateOf("client");

/** A server with a certificate of the private CA. */
export interface TlsServer {
  readonly url: URL;
  /** How many requests came through, over so many connections. */
  readonly count: { requests: number; connections: number };
  close(): Promise<void>;
}

/** Starts a server that answers everything with "over TLS". */
export async function startTlsServer(): Promise<TlsServer> {
  const [key, cert] = [SERVER.key, SERVER.cert].map((file) => readFileSync(file));
  const count = { requests: 0, connections: 0 };
  const server = createServer({ key, cert }, (_request, response) => {
    count.requests++;
    response.end("over TLS");
  });
  server.on("secureConnection", () => count.connections++);
  const { port, close } = await listenOnLoopback(server);
  return { url: new URL(`https://127.0.0.1:${port}/`), count, close };
}

function certificateOf(name: string): CertificateFiles {
  const path = (file: string) => fileURLToPath(new URL(file, FIXTURES));
  return { cert: path(`${name}.pem`), key: path(`${name}.key`) };
}
