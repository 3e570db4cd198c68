import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { KojiError, type OmpsError, UploadedFileError } from "../../../lib/errors/index.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { findOperatorArchive, KojiFiles, KojiHub } from "../../../lib/koji/index.ts";
import {
  ARCHIVE,
  type KojiBuildSeed,
  type KojiFake,
  type KojiFaultAction,
  kojiVariants,
  legacyBuild,
  operatorBuild,
  startKojiFake,
} from "../../fakes/koji.ts";

const ZIP = Buffer.from("an archive of ten thousand files");
const OTHER = Buffer.from("an archive of ten thousand lies!");
const NVR = "etcd-operator-container-0.9.4-1";
const MiB = 1024 * 1024;

let koji: KojiFake;
let http: HttpClient;
beforeAll(async () => {
  koji = await startKojiFake();
});
beforeEach(() => {
  koji.reset({ builds: [operatorBuild(NVR, ZIP)] });
  http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });
});
afterEach(() => http.close());
afterAll(() => koji.close());

const files = () => koji.requests.filter(({ op }) => op === "file");

async function download(nvr = NVR, maxBytes = MiB): Promise<Buffer> {
  const hub = new KojiHub(http, koji.hubUrl);
  const archive = await findOperatorArchive(hub, koji.rootUrl, await hub.build(nvr));
  return new KojiFiles(http).stream(archive, maxBytes, (bytes) => buffer(bytes));
}

async function failure(nvr?: string, maxBytes?: number): Promise<OmpsError> {
  return download(nvr, maxBytes).then(
    () => expect.fail("it did not fail"),
    (error: OmpsError) => error,
  );
}

/** An answer that is whole, but not with what Koji has on record. */
const damaged: KojiFaultAction = { status: 200, contentType: "application/zip", body: OTHER };

describe("downloading an archive", () => {
  it("gives its bytes, as they are", async () => {
    expect(await download()).toEqual(ZIP);
    expect(files()).toMatchObject([{ method: "GET", headers: { "accept-encoding": "identity" } }]);
  });

  it.each([
    "typeinfo-operator-container-1.0.0-7",
    "legacy-operator-container-1.2.3-4",
    "legacydir-operator-container-1.2.3-5",
    "vol-operator-container-3.1-9",
    "vol-operator-container-3.1-8.legacy",
    "epoch-operator-container-2.0-3",
    "odd-operator-container-v4.5.0+git~1^a-202401010000.p0.g1234567.assembly.stream.el8",
    "oddname-operator-container-1.0-1",
    "manyextra-operator-container-1.0-1",
    "moved-operator-container-1.0-1",
  ])("works for %s", async (nvr) => {
    koji.reset(kojiVariants());

    expect((await download(nvr)).toString()).toBe(`the archive of ${nvr}`);
  });

  it("follows a redirect within the server", async () => {
    koji.store("moved.zip", ZIP);
    koji.faults = [
      { op: "file", times: 1, do: { status: 302, body: "", headers: { location: "/kojiroot/moved.zip" } } },
    ];

    expect(await download()).toEqual(ZIP);
  });

  it("takes an empty file for what it is", async () => {
    koji.reset({ builds: [legacyBuild(NVR, ZIP)] });
    koji.faults = [{ op: "file", do: { status: 204 } }];

    expect(await download()).toEqual(Buffer.alloc(0));
  });

  it("is patient with a server that is slow", async () => {
    koji.faults = [{ op: "file", do: { drip: 5 } }];

    expect(await download()).toEqual(ZIP);
  });

  it("survives failures that pass", async () => {
    koji.faults = [
      { op: "file", times: 1, do: { reset: true } },
      { op: "file", times: 1, do: { status: 503, body: "busy" } },
    ];

    expect(await download()).toEqual(ZIP);
  });
});

/** How the server of the files fails, and what of it the caller is told. */
const FAILURES: readonly [what: string, action: KojiFaultAction, told: RegExp][] = [
  ["403", { status: 403, body: "no" }, /HTTP status 403/],
  ["404", { status: 404, body: "no" }, /HTTP status 404/],
  ["500", { status: 500, body: "no" }, /HTTP status 500/],
  ["part of it", { status: 206, body: ZIP }, /HTTP status 206/],
  ["half of it", { truncate: 5 }, /no usable answer/],
  ["a reset", { reset: true }, /no usable answer/],
  ["no answer", { close: true }, /no usable answer/],
  ["redirects without end", { status: 302, body: "", headers: { location: "." } }, /no usable answer/],
  [
    "a redirect to another server",
    { status: 302, body: "", headers: { location: "http://169.254.169.254/latest/meta-data/" } },
    /no usable answer/,
  ],
];

describe("a download fails", () => {
  it.each(FAILURES)("as KojiError when the server answers with %s", async (_, action, told) => {
    koji.faults = [{ op: "file", do: action }];

    const error = await failure();

    expect(error).toBeInstanceOf(KojiError);
    expect(error.message).toMatch(told);
    expect(error.message).toContain(NVR);
  });

  it("as KojiError, in time, when the server never answers", async () => {
    koji.faults = [{ op: "file", do: { hang: true } }];
    http = new HttpClient({ timeoutMs: 100, sleep: async () => {} });

    expect((await failure()).message).toMatch(/did not answer in time/);
  });

  it.each([
    ["that is stored by type", "missing-operator-container-1.0-1"],
    ["that is in a directory below", "subdir-operator-container-1.0-1"],
  ])("as KojiError when the archive %s is not there", async (_, nvr) => {
    koji.reset(kojiVariants());

    expect((await failure(nvr)).message).toMatch(/HTTP status 404/);
  });
});

describe("an archive that is damaged", () => {
  it("is fetched once more, past all caches", async () => {
    koji.faults = [{ op: "file", times: 1, do: damaged }];

    expect(await download()).toEqual(ZIP);
    expect(files().map(({ headers }) => headers["cache-control"])).toEqual([undefined, "no-cache"]);
  });

  it.each<[string, KojiFaultAction, RegExp]>([
    ["another checksum", damaged, /expected the md5 [0-9a-f]{32}, got [0-9a-f]{32}/],
    ["another size", { ...damaged, body: "short" }, /expected 32 bytes, got 5/],
    ["no content", { status: 204 }, /expected 32 bytes, got 0/],
  ])("is a KojiError when it has %s twice", async (_, action, told) => {
    koji.faults = [{ op: "file", do: action }];

    const error = await failure();

    expect(error).toBeInstanceOf(KojiError);
    expect(error.message).toMatch(told);
    expect(files()).toHaveLength(2);
  });

  it("is recognized by capital letters too", async () => {
    const checksum = "0123456789ABCDEF".repeat(2);
    const archives = [{ filename: ARCHIVE, content: ZIP, listed: { checksum } }];
    koji.reset({ builds: [operatorBuild(NVR, ZIP, { archives })] });

    expect((await failure()).message).toContain(`expected the md5 ${checksum.toLowerCase()}`);
  });

  it("is not recognized where Koji keeps no record", async () => {
    koji.reset({ builds: [legacyBuild(NVR, OTHER)] });

    expect(await download()).toEqual(OTHER);
    expect(files()).toHaveLength(1);
  });
});

describe("the caller's limit", () => {
  const unlisted: KojiBuildSeed = legacyBuild(NVR, ZIP);

  it.each([
    ["Koji knows the size of", operatorBuild(NVR, ZIP)],
    ["nothing is known of", unlisted],
  ])("takes as many bytes of an archive that %s, and not one more", async (_, build) => {
    koji.reset({ builds: [build] });

    expect(await download(NVR, ZIP.length)).toEqual(ZIP);
    const error = await failure(NVR, ZIP.length - 1);

    expect(error).toBeInstanceOf(UploadedFileError);
    expect(error).toMatchObject({ status: 400, error: "OMPSUploadedFileError" });
    expect(error.message).toContain("more than 31 bytes");
  });

  it("saves the download where Koji knows the size", async () => {
    await failure(NVR, 1);

    expect(files()).toEqual([]);
  });
});
