import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import { createApp } from "../../../lib/app.ts";
import { ConfigError, parseConfig, readCaBundle } from "../../../lib/config/index.ts";
import { PRIVATE_CA } from "../../support/tls.ts";

const folder = mkdtempSync(join(tmpdir(), "omps-ca-bundle-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: string): string {
  const path = join(folder, "ca.pem");
  writeFileSync(path, content);
  return path;
}

const [first = "", second = ""] = rootCertificates;
const damaged = first.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
const key = readFileSync(new URL("../../fixtures/tls/server.key", import.meta.url), "utf8");

describe("the file that ca_bundle names", () => {
  it("gives its certificates, without comments and keys", () => {
    expect(readCaBundle(written(`# First\n${first}\n${key}\nSecond:\n${second}`))).toEqual([first, second]);
  });

  it("may have Windows' line ends", () => {
    expect(readCaBundle(written(`${first}\n`.replaceAll("\n", "\r\n")))).toHaveLength(1);
  });

  it("is taken from the working directory when its path is relative", () => {
    expect(readCaBundle("test/fixtures/tls/ca.pem")).toEqual(readCaBundle(PRIVATE_CA));
  });

  it.each<[string, () => string, RegExp]>([
    ["is missing", () => join(folder, "missing.pem"), /missing\.pem": ENOENT/],
    ["is a folder", () => folder, /EISDIR/],
    ["is empty", () => written(""), /it has no '-----BEGIN CERTIFICATE-----'$/],
    ["has a key only", () => written(key), /it has no '-----BEGIN CERTIFICATE-----'$/],
    [
      "has half a certificate",
      () => written(first.slice(0, 300)),
      /it has no '-----BEGIN CERTIFICATE-----'$/,
    ],
    ["has a damaged certificate", () => written(`${second}\n${damaged}\n`), /its certificate 2 is damaged$/],
  ])("is an error when it %s, which says so in one line", (_, path, reason) => {
    const read = () => readCaBundle(path());

    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^configuration: ca_bundle: expected a PEM file with certificates, got "/);
    expect(read).toThrow(reason);
  });

  it("is read when the service starts, which does not start without it", () => {
    const config = (ca_bundle: string) => parseConfig(JSON.stringify({ ca_bundle }), "test");

    expect(() => createApp({}, { config: config(join(folder, "missing.pem")) })).toThrow(ConfigError);
    expect(createApp({}, { config: config(PRIVATE_CA) }).config.ca_bundle).toBe(PRIVATE_CA);
  });
});
