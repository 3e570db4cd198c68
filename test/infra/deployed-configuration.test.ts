import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import { readConfiguration, writeConfiguration } from "../../infra/build/configuration.ts";
import { loadConfig, readCaBundle } from "../../lib/config/index.ts";

const folder = mkdtempSync(join(tmpdir(), "omps-configuration-"));

const PRIVATE_KEY = readFileSync("test/fixtures/tls/server.key", "utf8");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function writtenFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("the configuration of deployed functions", () => {
  it("travels as it is, without the defaults", () => {
    const settings = { quay_url: "https://quay.example", organizations: { example: { public: true } } };
    const path = writtenFile("plain.json", JSON.stringify(settings));

    writeConfiguration(readConfiguration(path), folder);

    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toEqual(settings);
    expect(loadConfig({ OMPS_CONFIG: join(folder, "config.json") })).toEqual(
      loadConfig({ OMPS_CONFIG: path }),
    );
  });

  it("is empty where none is named", () => {
    writeConfiguration(readConfiguration(undefined), folder);

    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))).toEqual({});
  });

  it("takes its certificates along, and nothing else of their file, to where Lambda unpacks them", () => {
    const certificates = rootCertificates.slice(0, 2).map((certificate) => `${certificate}\n`);
    const pem = writtenFile("ca.pem", ["# Ours\n", ...certificates, PRIVATE_KEY].join(""));
    const path = writtenFile("ca.json", JSON.stringify({ ca_bundle: pem }));

    writeConfiguration(readConfiguration(path), folder);

    expect(loadConfig({ OMPS_CONFIG: join(folder, "config.json") }).ca_bundle).toBe(
      "/var/task/ca-bundle.pem",
    );
    expect(readFileSync(join(folder, "ca-bundle.pem"), "utf8")).toBe(certificates.join(""));
    expect(readCaBundle(join(folder, "ca-bundle.pem"))).toHaveLength(2);
  });

  it.each([
    { what: "missing", content: undefined },
    { what: "no certificate", content: "-----BEGIN NOTHING-----\n" },
  ])("is refused when the certificates' file is $what", ({ what, content }) => {
    const pem = join(folder, `${what}.pem`);
    if (content) writeFileSync(pem, content);
    const path = writtenFile("refused.json", JSON.stringify({ ca_bundle: pem, colour: "red" }));

    const problems = problemsOf(path);

    expect(problems).toEqual([
      "colour: is not a setting",
      expect.stringContaining(`ca_bundle: expected a PEM file with certificates, got "${pem}"`),
    ]);
  });
});

function problemsOf(path: string): unknown {
  try {
    return readConfiguration(path);
  } catch (error) {
    return error instanceof Error && "problems" in error ? error.problems : error;
  }
}
