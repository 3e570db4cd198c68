import { readFileSync } from "node:fs";
import { ConfigError } from "./load.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads the certificates of the file that `ca_bundle` names, one in PEM each. What else the file has, as
 * comments and keys, is left out.
 *
 * @param path a relative one is taken from the working directory
 * @throws ConfigError when there is no certificate, or one that is none
 */
export function readCaBundle(path: string): readonly string[] {
  try {
    const certificates = readFileSync(path, "utf8").match(CERTIFICATE) ?? [];
    if (certificates.length === 0) throw new Error("it has no '-----BEGIN CERTIFICATE-----'");
    for (const [index, certificate] of certificates.entries()) requireCertificate(certificate, index + 1);
    return certificates;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError("configuration", [
      `ca_bundle: expected a PEM file with certificates, got ${JSON.stringify(path)}: ${reason}`,
    ]);
  }
}

function requireCertificate(certificate: string, number: number): void {
  try {
    const { X509Certificate } = process.getBuiltinModule("node:crypto");
    new X509Certificate(certificate);
  } catch (cause) {
    throw new Error(`its certificate ${number} is damaged`, { cause });
  }
}
