import { readFileSync } from "node:fs";
import type { ArchiveSeed, KojiBuildSeed, KojiSeed } from "./seed.ts";
import type { KojiValue } from "./xml.ts";

const FIXTURES = new URL("../../fixtures/koji/", import.meta.url);

/** The name under which build systems store the archive. */
export const ARCHIVE = "operator_manifests.zip";

/** What a recorded exchange with the hub of Koji 1.35 was answered with. */
export function recordedResponse(name: string): string {
  return readFileSync(new URL(`${name}.response.xml`, FIXTURES), "utf8");
}

export function recordedRequest(name: string): string {
  return readFileSync(new URL(`${name}.request.xml`, FIXTURES), "utf8");
}

type BuildParts = Partial<Omit<KojiBuildSeed, "nvr">>;

/** A build as today's build systems import it: the archive stored by type, and named in both keys. */
export function operatorBuild(nvr: string, content: Uint8Array, parts: BuildParts = {}): KojiBuildSeed {
  return { nvr, extra: typedExtra(ARCHIVE), archives: [{ filename: ARCHIVE, content }], ...parts };
}

/** A build of old: the archive is a log, and named in the older key only. */
export function legacyBuild(nvr: string, content: Uint8Array, parts: BuildParts = {}): KojiBuildSeed {
  return { nvr, extra: legacyExtra(ARCHIVE), logs: logsWith(content), ...parts };
}

export function typedExtra(archive: KojiValue): KojiValue {
  return { typeinfo: { image: {}, "operator-manifests": { archive } }, operator_manifests_archive: archive };
}

export function legacyExtra(archive: KojiValue): KojiValue {
  return { typeinfo: { image: {} }, operator_manifests_archive: archive };
}

function logsWith(content: Uint8Array, directory?: string) {
  const place = directory === undefined ? {} : { directory };
  return [
    { name: "orchestrator.log", content: Buffer.from("a log\n") },
    { name: ARCHIVE, content, ...place },
  ];
}

/** The builds that were recorded; their answers are given byte for byte. */
function recordedBuilds(content: (nvr: string) => Uint8Array): KojiBuildSeed[] {
  const bare = (name: string, nvr: string): KojiBuildSeed => ({
    nvr,
    recording: recordedResponse(`getBuild-${name}`),
  });
  const typed = (name: string, nvr: string, archive: Partial<ArchiveSeed> = {}): KojiBuildSeed => ({
    ...bare(name, nvr),
    archives: [{ filename: ARCHIVE, content: content(nvr), ...archive }],
  });
  const odd = "odd-operator-container-v4.5.0+git~1^a-202401010000.p0.g1234567.assembly.stream.el8";
  return [
    typed("new", "etcd-operator-container-0.9.4-1"),
    typed("typeinfo-only", "typeinfo-operator-container-1.0.0-7", { checksumType: "sha256" }),
    {
      ...bare("legacy", "legacy-operator-container-1.2.3-4"),
      logs: logsWith(content("legacy-operator-container-1.2.3-4")),
    },
    typed("bundle", "etcd-bundle-container-0.9.5-2"),
    bare("not-operator", "httpd-container-2.4-100"),
    bare("extra-null", "bash-5.2.26-3.fc40"),
    typed("volume", "vol-operator-container-3.1-9"),
    typed("epoch", "epoch-operator-container-2.0-3"),
    typed("odd", odd),
    typed("manyextra", "manyextra-operator-container-1.0-1"),
    bare("building", "building-operator-container-1.0-1"),
    typed("deleted", "deleted-operator-container-1.0-1"),
  ];
}

/** Builds that were seen but not recorded. */
function furtherBuilds(content: (nvr: string) => Uint8Array): KojiBuildSeed[] {
  const typed = (nvr: string, parts: BuildParts = {}) => operatorBuild(nvr, content(nvr), parts);
  const legacy = (nvr: string, parts: BuildParts = {}) => legacyBuild(nvr, content(nvr), parts);
  const naming = (nvr: string, archive: KojiValue): KojiBuildSeed => ({ nvr, extra: typedExtra(archive) });
  const oddName = "operator manifests #1?%41+é.zip";
  const [oddNvr, subdirNvr] = ["oddname-operator-container-1.0-1", "subdir-operator-container-1.0-1"];
  const logDirNvr = "legacydir-operator-container-1.2.3-5";
  return [
    legacy(logDirNvr, { logs: logsWith(content(logDirNvr), "x86_64") }),
    legacy("legacymissing-operator-container-1.2.3-6", { logs: logsWith(Buffer.alloc(0)).slice(0, 1) }),
    legacy("vol-operator-container-3.1-8.legacy", { volume: "osbsvol" }),
    typed(oddNvr, {
      extra: typedExtra(oddName),
      archives: [{ filename: oddName, content: content(oddNvr) }],
    }),
    { nvr: "noarchivekey-operator-container-1.0-1", extra: { typeinfo: { "operator-manifests": {} } } },
    naming("missing-operator-container-1.0-1", ARCHIVE),
    naming("traversal-operator-container-1.0-1", "../../../../../../etc/passwd"),
    naming("urlname-operator-container-1.0-1", "http://169.254.169.254/latest/meta-data/"),
    naming("inttype-operator-container-1.0-1", 12345),
    typed(subdirNvr, {
      archives: [{ filename: ARCHIVE, content: content(subdirNvr), subdirectory: "sub/dir" }],
    }),
    { nvr: "failed-operator-container-1.0-1", state: "FAILED" },
    { nvr: "canceled-operator-container-1.0-1", state: "CANCELED" },
    typed("moved-operator-container-1.0-1", { volume: "osbsvol" }),
    typed("tasked-operator-container-1.0-3", { taskId: 3 }),
    typed("unreserved-operator-container-1.0-1"),
  ];
}

/**
 * The builds of the Koji that was recorded.
 *
 * @param content the archive of a build; a text that names the build unless told
 */
export function kojiVariants(
  content: (nvr: string) => Uint8Array = (nvr) => Buffer.from(`the archive of ${nvr}`),
): KojiSeed {
  return {
    builds: [...recordedBuilds(content), ...furtherBuilds(content)],
    files: { "etc/passwd": Buffer.from("not for you\n") },
  };
}
