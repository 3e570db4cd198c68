import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Secret } from "../lib/telemetry/index.ts";

/** Longest wait for a connection, and for the broker's greeting, in milliseconds. */
export const CONNECT_MS = 10_000;

/** How often both sides show that they live, in milliseconds; twice that without a sign, and a side is dead. */
export const HEARTBEAT_MS = 30_000;

/** Longest wait for the broker when a connection is ended, in milliseconds. */
export const CLOSE_MS = 5_000;

/** PEM files. They are read for each connection, so that certificates can be renewed while the bridge runs. */
export interface TlsFiles {
  /** The CAs to trust; those that Node trusts unless told. */
  readonly ca?: string | undefined;
  /** The certificate that shows who we are, and its key; both or none. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Where the broker is, and who we are for it. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  /** AMQP 0-9-1 only. */
  readonly vhost: string;
  readonly files: TlsFiles;
}

/** What Node's TLS is told of a broker. */
export interface TlsOptions {
  readonly servername?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * The TLS options of a broker; none where it has no TLS.
 *
 * @throws Error for a file that cannot be read
 */
export function tlsOptions({ host, tls, files }: BrokerAddress): TlsOptions {
  if (!tls) return {};
  return {
    // A name that is an address is not sent, and is checked all the same.
    ...(isIP(host) === 0 && { servername: host }),
    ...(files.ca !== undefined && { ca: readFileSync(files.ca) }),
    ...(files.cert !== undefined && { cert: readFileSync(files.cert) }),
    ...(files.key !== undefined && { key: readFileSync(files.key) }),
  };
}

/** Whether the certificate tells who we are (SASL EXTERNAL): there is one, and no password. */
export function isKnownByCertificate({ tls, files, password }: BrokerAddress): boolean {
  return tls && files.cert !== undefined && password === undefined;
}

/** The broker for the log: no credentials. */
export function printable({ host, port, tls }: BrokerAddress): string {
  return `${tls ? "amqps" : "amqp"}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
