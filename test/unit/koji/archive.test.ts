import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  KojiArchiveNotFoundError,
  KojiError,
  KojiNotAnOperatorImageError,
  type OmpsError,
} from "../../../lib/errors/index.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { findOperatorArchive, KojiHub, type OperatorArchive } from "../../../lib/koji/index.ts";
import {
  ARCHIVE,
  type KojiFake,
  type KojiValue,
  legacyBuild,
  legacyExtra,
  operatorBuild,
  startKojiFake,
  typedExtra,
} from "../../fakes/koji.ts";

const ZIP = Buffer.from("an archive");
const NVR = "etcd-operator-container-0.9.4-1";
const PACKAGES = "packages/etcd-operator-container/0.9.4/1";

let koji: KojiFake;
let http: HttpClient;
beforeAll(async () => {
  koji = await startKojiFake();
});
beforeEach(() => {
  koji.reset();
  http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });
});
afterEach(() => http.close());
afterAll(() => koji.close());

const ops = () => koji.requests.map(({ op }) => op);

async function find(nvr = NVR): Promise<OperatorArchive> {
  const hub = new KojiHub(http, koji.hubUrl);
  return findOperatorArchive(hub, koji.rootUrl, await hub.build(nvr));
}

/** The path of the URL below Koji's root, as it is sent. */
async function place(nvr?: string): Promise<string> {
  const { url } = await find(nvr);
  return url.href.replace(koji.rootUrl, "");
}

async function failure(nvr?: string): Promise<OmpsError> {
  return find(nvr).then(
    () => expect.fail("it was found"),
    (error: OmpsError) => error,
  );
}

function importing(extra: KojiValue): void {
  koji.reset({ builds: [{ ...operatorBuild(NVR, ZIP), extra }] });
}

describe("an archive that is stored by type", () => {
  it("is where the build is, with the size and checksum that Koji has of it", async () => {
    koji.reset({ builds: [operatorBuild(NVR, ZIP)] });

    expect(await find()).toEqual({
      build: { id: 1, nvr: NVR, name: "etcd-operator-container", version: "0.9.4", release: "1" },
      name: ARCHIVE,
      url: new URL(`${koji.rootUrl}${PACKAGES}/files/operator-manifests/${ARCHIVE}`),
      size: ZIP.length,
      checksum: { algorithm: "md5", hex: createHash("md5").update(ZIP).digest("hex") },
    });
    expect(ops()).toEqual(["getBuild", "listArchives"]);
  });

  it("wins over the older key", async () => {
    importing({
      typeinfo: { "operator-manifests": { archive: "new.zip" } },
      operator_manifests_archive: ARCHIVE,
    });

    expect(await place()).toBe(`${PACKAGES}/files/operator-manifests/new.zip`);
  });

  it("is found where only the older key names it", async () => {
    importing(legacyExtra(ARCHIVE));

    expect(await find()).toMatchObject({ name: ARCHIVE, size: ZIP.length, checksum: { algorithm: "md5" } });
    expect(ops()).toEqual(["getBuild", "listArchives"]);
  });

  it.each(["md5", "sha1", "sha256"] as const)("has a checksum of the type %s", async (checksumType) => {
    const archives = [{ filename: ARCHIVE, content: ZIP, checksumType }];
    koji.reset({ builds: [operatorBuild(NVR, ZIP, { archives })] });

    expect((await find()).checksum).toEqual({
      algorithm: checksumType,
      hex: createHash(checksumType).update(ZIP).digest("hex"),
    });
  });

  it.each<[string, KojiValue]>([
    ["an empty list", []],
    ["another file", [{ filename: "other.zip", size: 1 }]],
    ["a row with nothing but the name", [{ filename: ARCHIVE }]],
    [
      "a row without values",
      [{ filename: ARCHIVE, size: null, checksum: null, checksum_type: null, metadata_only: null }],
    ],
    ["a checksum of a type of the future", [{ filename: ARCHIVE, checksum: "00", checksum_type: 3 }]],
    ["a checksum without a type", [{ filename: ARCHIVE, checksum: "00" }]],
  ])("goes without a checksum where Koji answers %s", async (_, value) => {
    koji.faults = [{ op: "listArchives", do: { value } }];

    expect(await find()).not.toHaveProperty("checksum");
  });

  it("goes without where the hub does not know the type", async () => {
    koji.reset({ builds: [operatorBuild(NVR, ZIP)], knowsOperatorManifests: false });

    expect(await find()).toMatchObject({ name: ARCHIVE });
  });

  it("is not there where Koji has its metadata only", async () => {
    const archives = [{ filename: ARCHIVE, content: ZIP, metadataOnly: true }];
    koji.reset({ builds: [operatorBuild(NVR, ZIP, { archives })] });

    expect(await failure()).toBeInstanceOf(KojiArchiveNotFoundError);
  });
});

describe("an archive among the logs", () => {
  it("is where the hub says, and nothing more is known of it", async () => {
    koji.reset({ builds: [legacyBuild(NVR, ZIP)] });

    expect(await find()).toEqual({
      build: { id: 1, nvr: NVR, name: "etcd-operator-container", version: "0.9.4", release: "1" },
      name: ARCHIVE,
      url: new URL(`${koji.rootUrl}${PACKAGES}/data/logs/${ARCHIVE}`),
    });
    expect(ops()).toEqual(["getBuild", "listArchives", "getBuildLogs"]);
  });

  it("is found for a hub that does not know the type", async () => {
    koji.reset({ builds: [legacyBuild(NVR, ZIP)], knowsOperatorManifests: false });

    expect(await place()).toBe(`${PACKAGES}/data/logs/${ARCHIVE}`);
  });

  it("is the first of its name", async () => {
    const path = (directory: string) => `${PACKAGES}/data/logs/${directory}/${ARCHIVE}`;
    koji.reset({ builds: [legacyBuild(NVR, ZIP)] });
    const logs = ["x86_64", "s390x"].map((dir) => ({ name: ARCHIVE, dir, path: path(dir) }));
    koji.faults = [{ op: "getBuildLogs", do: { value: logs } }];

    expect(await place()).toBe(path("x86_64"));
  });

  it.each<[string, KojiValue]>([
    ["null", null],
    ["an empty list", []],
    ["other logs", [{ name: "x.log", dir: ".", path: "x.log" }]],
  ])("is not found where the hub answers %s", async (_, value) => {
    koji.reset({ builds: [legacyBuild(NVR, ZIP)] });
    koji.faults = [{ op: "getBuildLogs", do: { value } }];

    const error = await failure();

    expect(error).toBeInstanceOf(KojiArchiveNotFoundError);
    expect(error).toMatchObject({ status: 500, error: "KojiManifestsArchiveNotFound" });
    expect(error.message).toContain(ARCHIVE);
  });

  it("is not fetched from a place that is not below Koji's root", async () => {
    koji.reset({ builds: [legacyBuild(NVR, ZIP)] });
    const logs = [{ name: ARCHIVE, path: `${PACKAGES}/../../../../etc/passwd` }];
    koji.faults = [{ op: "getBuildLogs", do: { value: logs } }];

    expect(await failure()).toBeInstanceOf(KojiError);
  });
});

describe("a build without operator manifests", () => {
  it.each<[string, KojiValue]>([
    ["null", null],
    ["empty", {}],
    ["a text", "operator_manifests_archive"],
    ["a list", []],
    ["that of another image", { image: {}, typeinfo: { image: {} } }],
    ["with an empty typeinfo", { typeinfo: null }],
    ["with a text as typeinfo", { typeinfo: "operator-manifests" }],
    ["with nothing under the type", { typeinfo: { "operator-manifests": null } }],
    ["without the key archive", { typeinfo: { "operator-manifests": {} } }],
    ["with null as archive", typedExtra(null)],
    ["with manifests in a foreign prototype", { ["__proto__"]: typedExtra(ARCHIVE) }],
  ])("is one whose extra is %s", async (_, extra) => {
    importing(extra);

    const error = await failure();

    expect(error).toBeInstanceOf(KojiNotAnOperatorImageError);
    expect(error).toMatchObject({ status: 400, error: "KojiNotAnOperatorImage" });
    expect(error.message).toContain(NVR);
    expect(ops()).toEqual(["getBuild"]);
  });

  it("is none where the older key names the archive", async () => {
    importing({ typeinfo: { "operator-manifests": {} }, operator_manifests_archive: ARCHIVE });

    expect(await find()).toMatchObject({ name: ARCHIVE });
  });
});

describe("what a build names as its archive", () => {
  it.each<KojiValue>([
    "",
    "../../../../../../etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    12345,
    true,
    ["a.zip"],
    {},
  ])("cannot be %j", async (name) => {
    for (const extra of [typedExtra(name), legacyExtra(name)]) {
      importing(extra);

      expect(await failure()).toBeInstanceOf(KojiArchiveNotFoundError);
      expect(ops()).toEqual(["getBuild"]);
    }
  });
});

describe("the directory of a build", () => {
  it.each([
    ["vol-operator-container-3.1-9", "vol/osbsvol/packages/vol-operator-container/3.1/9/files/"],
    ["epoch-operator-container-2.0-3", "packages/epoch-operator-container/2.0/3/files/"],
    ["4:epoch-operator-container-2.0-3", "packages/epoch-operator-container/2.0/3/files/"],
    ["vol-operator-container-3.1-8.legacy", "vol/osbsvol/packages/vol-operator-container/3.1/8.legacy/data/"],
    [
      "odd-operator-container-v4.5.0+git~1^a-202401010000.p0.g1234567.assembly.stream.el8",
      "packages/odd-operator-container/v4.5.0%2Bgit~1%5Ea/202401010000.p0.g1234567.assembly.stream.el8/files/",
    ],
  ])("of %s is %s", async (nvr, directory) => {
    expect((await place(nvr)).startsWith(directory)).toBe(true);
  });

  it.each([
    ["no volume", null, PACKAGES],
    ["the default volume", "DEFAULT", PACKAGES],
    ["a volume", "vol_42", `vol/vol_42/${PACKAGES}`],
  ])("is right on %s", async (_, volume_name, directory) => {
    koji.faults = [{ op: "getBuild", do: { value: answer({ volume_name }) } }];

    expect(await place()).toBe(`${directory}/files/operator-manifests/${ARCHIVE}`);
  });

  it.each([
    ["volume", { volume_name: ".." }],
    ["name", { name: "../.." }],
    ["version", { version: ".." }],
    ["release", { release: "" }],
  ])("is none where the %s that the hub says leads elsewhere", async (_, parts) => {
    koji.faults = [{ op: "getBuild", do: { value: answer(parts) } }];

    expect(await failure()).toBeInstanceOf(KojiError);
  });
});

/** getBuild's answer with other members. */
function answer(parts: { readonly [name: string]: KojiValue }): KojiValue {
  const identity = { id: 1, nvr: NVR, name: "etcd-operator-container", version: "0.9.4", release: "1" };
  return { ...identity, state: 1, volume_name: "DEFAULT", extra: typedExtra(ARCHIVE), ...parts };
}
