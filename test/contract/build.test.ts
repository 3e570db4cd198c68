import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type KojiBuildSeed, type KojiFaultAction, legacyBuild, operatorBuild } from "../fakes/koji.ts";
import { ACME, GREENWAVE, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

const NVR = "etcd-operator-container-0.9.4-1";
const PATH = `/v1/acme/etcd/koji/${NVR}`;

/** Above this many bytes an archive is staged. */
const THRESHOLD = 3000;

const small = packageZip();
const large = packageZip({ files: { "docs/noise.bin": randomBytes(THRESHOLD) } });

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    greenwave: true,
    config: {
      koji_stage_threshold: THRESHOLD,
      zipfile_max_uncompressed_size: 8000,
      upload_max_size: 20_000,
      upload_max_uncompressed_size: 16_000,
    },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

function builds(...seeds: KojiBuildSeed[]): void {
  omps.koji.reset({ builds: seeds });
}

const push = (path = `${PATH}/1.0.0`) => omps.call("POST", path);
const asked = () => omps.koji.requests.map(({ op }) => op);
const downloads = () => asked().filter((op) => op === "file").length;
const staged = () => [...omps.s3.objects.keys()];

describe("pushing a Koji build", () => {
  it("publishes its package, and names the build", async () => {
    builds(operatorBuild(NVR, small));

    expect(await push()).toMatchObject({
      status: 200,
      body: {
        organization: "acme",
        repo: "etcd",
        version: "1.0.0",
        nvr: NVR,
        extracted_files: ["etcd.v0.1.0.csv.yaml", "package.yaml"],
      },
    });
    expect(omps.quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
  });

  it("chooses the version, and in v2 takes the repository from the package", async () => {
    builds(operatorBuild(NVR, packageZip({ name: "other" })));

    expect((await push(`/v2/acme/koji/${NVR}`)).body).toMatchObject({ repo: "other", version: "1.0.0" });
  });

  it("finds the archive of an old build among its logs", async () => {
    builds(legacyBuild(NVR, small));

    expect((await push()).status).toBe(200);
    expect(asked()).toContain("getBuildLogs");
  });

  it("names the build without the epoch that was asked for", async () => {
    builds(operatorBuild(NVR, small));

    expect((await push(`/v1/acme/etcd/koji/4:${NVR}/1.0.0`)).body).toMatchObject({ nvr: NVR });
  });
});

describe("an archive up to the threshold", () => {
  it("is not staged", async () => {
    builds(operatorBuild(NVR, small));
    await push();

    expect(omps.s3.requests.join()).not.toContain("staging/koji/");
  });

  it("is fetched once more when it is not what Koji recorded, and refused when that is not either", async () => {
    const damaged: KojiFaultAction = { status: 200, body: Buffer.from(small).fill(0) };
    builds(operatorBuild(NVR, small));
    omps.koji.faults = [{ op: "file", times: 1, do: damaged }];
    const once = await push();
    omps.koji.faults = [{ op: "file", do: damaged }];
    const always = await push(`${PATH}/2.0.0`);

    expect([once.status, always.status, always.body["error"]]).toEqual([200, 500, "KojiError"]);
    expect(omps.quay.packages()["acme/etcd"]?.releases).toEqual(["1.0.0"]);
  });
});

describe("an archive above the threshold", () => {
  it("goes through the staging bucket, and stays there", async () => {
    builds({ ...operatorBuild(NVR, large), id: 7 });

    expect((await push()).status).toBe(200);
    expect(staged()).toEqual(["staging/koji/7/operator_manifests.zip"]);
    expect(omps.s3.objects.get("staging/koji/7/operator_manifests.zip")?.content).toEqual(large);
  });

  it("is not fetched again for a second push of the build", async () => {
    builds(operatorBuild(NVR, large));
    await push();
    const second = await push(`${PATH}/2.0.0`);

    expect(second.status).toBe(200);
    expect(downloads()).toBe(1);
  });

  it("is fetched again when Koji has another checksum for it by now", async () => {
    const other = packageZip({ files: { "docs/noise.bin": randomBytes(THRESHOLD) } });
    builds({ ...operatorBuild(NVR, large), id: 7 });
    await push();
    builds({ ...operatorBuild(NVR, other), id: 7 });
    await push(`${PATH}/2.0.0`);

    expect(downloads()).toBe(1);
    expect(omps.s3.objects.get("staging/koji/7/operator_manifests.zip")?.content).toEqual(other);
  });

  it("of an old build, without a checksum, is fetched each time", async () => {
    builds(legacyBuild(NVR, large));
    await push();
    await push(`${PATH}/2.0.0`);

    expect(downloads()).toBe(2);
  });

  it("may have more bytes unpacked than an upload", async () => {
    const roomy = (bytes: number) =>
      packageZip({ files: { zeros: Buffer.alloc(bytes), noise: randomBytes(THRESHOLD) } });
    builds(operatorBuild(NVR, roomy(10_000)));
    const much = await push();
    builds(operatorBuild(NVR, roomy(17_000)));
    const tooMuch = await push(`${PATH}/2.0.0`);

    expect(much.status).toBe(200);
    expect(tooMuch).toMatchObject({ status: 400, body: { error: "OMPSUploadedFileError" } });
  });

  it("is not staged when it is over the limit, cut, or not what Koji recorded", async () => {
    builds(operatorBuild(NVR, randomBytes(20_001)));
    const tooLong = await push();
    builds(operatorBuild(NVR, large));
    omps.koji.faults = [{ op: "file", do: { truncate: 2000 } }];
    const cut = await push();
    omps.koji.faults = [{ op: "file", do: { status: 200, body: Buffer.from(large).fill(0) } }];
    const damaged = await push();

    expect([tooLong, cut, damaged].map(({ body }) => body["error"])).toEqual([
      "OMPSUploadedFileError",
      "KojiError",
      "KojiError",
    ]);
    expect(staged()).toEqual([]);
    expect(omps.quay.requests).toEqual([]);
  });

  it("is a KojiError when S3 fails", async () => {
    builds(operatorBuild(NVR, large));
    omps.s3.faults.add("HEAD");

    expect(await push()).toMatchObject({ status: 500, body: { error: "KojiError" } });
    expect(omps.quay.requests).toEqual([]);
  });
});

describe("Greenwave", () => {
  it("is asked between the download and the unpacking, about the build", async () => {
    builds(operatorBuild(NVR, Buffer.from("no zip")));
    const unpacked = await push();
    omps.greenwave.refuse(NVR);
    const refused = await push();

    expect(unpacked.body).toMatchObject({ error: "OMPSUploadedFileError" });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: "GreenwaveUnsatisfiedError", greenwave_response: { policies_satisfied: false } },
    });
    expect(omps.greenwave.requests[0]?.body).toMatchObject({
      subject_identifier: NVR,
      product_version: GREENWAVE.product_version,
    });
    expect(omps.quay.requests).toEqual([]);
  });

  it("is not asked about uploads, nor about builds that are not there", async () => {
    await omps.upload("/v1/acme/etcd/zipfile", small);
    await push("/v1/acme/etcd/koji/none-1-1");

    expect(omps.greenwave.requests).toEqual([]);
  });
});

describe("a build that cannot be pushed", () => {
  it.each<[string, KojiBuildSeed[], string, number, string]>([
    ["is not there", [], NVR, 404, "KojiNVRBuildNotFound"],
    ["has a name that is no NVR", [], "nonsense", 404, "KojiNVRBuildNotFound"],
    [
      "is not complete",
      [{ ...operatorBuild(NVR, small), state: "FAILED" }],
      NVR,
      404,
      "KojiNVRBuildNotFound",
    ],
    ["is an RPM", [{ nvr: NVR }], NVR, 400, "KojiNotAnOperatorImage"],
    [
      "names an archive that is elsewhere",
      [{ nvr: NVR, extra: { operator_manifests_archive: "x.zip" } }],
      NVR,
      500,
      "KojiManifestsArchiveNotFound",
    ],
    [
      "has no zip as its archive",
      [operatorBuild(NVR, Buffer.from("junk"))],
      NVR,
      400,
      "OMPSUploadedFileError",
    ],
    [
      "has a package that breaks the rules",
      [operatorBuild(NVR, packageZip({ spec: "  version: 1\n" }))],
      NVR,
      400,
      "PackageValidationError",
    ],
  ])("%s", async (_, seeds, nvr, status, error) => {
    builds(...seeds);

    expect(await push(`/v1/acme/etcd/koji/${nvr}/1.0.0`)).toMatchObject({ status, body: { status, error } });
    expect(omps.quay.requests).toEqual([]);
  });

  it("is asked for without a token: Koji is not asked either", async () => {
    expect(await omps.call("POST", PATH, { authorization: undefined })).toMatchObject({
      status: 403,
      body: { error: "OMPSAuthorizationHeaderRequired" },
    });
    expect(omps.koji.requests).toEqual([]);
  });

  it("shows nothing of a hub's fault", async () => {
    builds(operatorBuild(NVR, small));
    omps.koji.faults = [{ op: "getBuild", do: { fault: [1, "psycopg2 canary WHERE build.id = true"] } }];
    const answer = await push();

    expect(answer).toMatchObject({ status: 500, body: { error: "KojiError" } });
    expect(JSON.stringify(answer.body)).not.toContain("canary");
  });
});

it("never shows the caller's token", async () => {
  builds(operatorBuild(NVR, large));
  await push();

  const sent = JSON.stringify([omps.koji.requests, omps.greenwave.requests, omps.s3.requests, omps.lines]);
  expect(sent).not.toContain(ACME.token.replace("basic ", ""));
});
