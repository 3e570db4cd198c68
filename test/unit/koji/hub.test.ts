import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  KojiBuildNotFoundError,
  KojiError,
  KojiNotAnOperatorImageError,
  type OmpsError,
} from "../../../lib/errors/index.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { type KojiBuild, KojiHub } from "../../../lib/koji/index.ts";
import { type KojiFake, type KojiFaultAction, type KojiState, startKojiFake } from "../../fakes/koji.ts";

const NVR = "etcd-operator-container-0.9.4-1";

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

const hub = () => new KojiHub(http, koji.hubUrl);
const ops = () => koji.requests.map(({ op }) => op);

async function failure(work: Promise<unknown>): Promise<OmpsError> {
  return work.then(
    () => expect.fail("it did not fail"),
    (error: OmpsError) => error,
  );
}

describe("getting a build", () => {
  it("gives what a push needs, and asks once", async () => {
    expect(await hub().build(NVR)).toEqual({
      id: 1,
      nvr: NVR,
      name: "etcd-operator-container",
      version: "0.9.4",
      release: "1",
      extra: expect.any(Object),
    });
    expect(koji.requests).toMatchObject([{ op: "getBuild", params: [NVR] }]);
  });

  it.each([
    ["bash-5.2.26-3.fc40", { extra: null }],
    ["vol-operator-container-3.1-9", { volume: "osbsvol" }],
    [
      "odd-operator-container-v4.5.0+git~1^a-202401010000.p0.g1234567.assembly.stream.el8",
      { version: "v4.5.0+git~1^a" },
    ],
    ["9:epoch-operator-container-2.0-3", { nvr: "epoch-operator-container-2.0-3" }],
  ])("%s is one that Koji has", async (nvr, parts) => {
    expect(await hub().build(nvr)).toMatchObject(parts);
  });

  it("tells that there is none", async () => {
    const error = await failure(hub().build("nosuch-1-1"));

    expect(error).toBeInstanceOf(KojiBuildNotFoundError);
    expect(error).toMatchObject({ status: 404, error: "KojiNVRBuildNotFound" });
    expect(error.message).toContain("nosuch-1-1");
  });

  it.each([
    "",
    "1",
    "90210",
    "notannvr",
    "a-b",
    "a--b",
    "a-b-",
    "-1-1",
    " a-1-1",
    "a-1-1\n",
    "a b-1-1",
    "sämple-1-1",
    "a<b>&-1-1",
    "a/b-1-1",
    "../x-1-1",
    "a\0-1-1",
    "a\u0001b-1-1",
    "a-1-\ud800",
    "a-1-]]>",
    `a-1-${"1".repeat(256)}`,
  ])("takes %j for no NVR, and does not ask for it", async (nvr) => {
    expect(await failure(hub().build(nvr))).toMatchObject({ status: 404, error: "KojiNVRBuildNotFound" });
    expect(ops()).toEqual([]);
  });

  it("takes names as long as a directory may be", async () => {
    const part = (length: number) => "1".repeat(length);

    await failure(hub().build(`${part(255)}-${part(255)}-${part(255)}`));

    expect(ops()).toEqual(["getBuild"]);
  });

  it("believes the hub that a text is no NVR", async () => {
    koji.faults = [{ op: "getBuild", do: { fault: [1000, `invalid format: ${NVR}`] } }];

    expect(await failure(hub().build(NVR))).toBeInstanceOf(KojiBuildNotFoundError);
  });

  it.each<[KojiState, string]>([
    ["BUILDING", "Wait until it is complete"],
    ["DELETED", "Name another build"],
    ["FAILED", "Name another build"],
    ["CANCELED", "Name another build"],
  ])("finds no build that can be pushed where it is %s, and says so", async (state, advice) => {
    koji.reset({ builds: [{ nvr: "a-1-1", state }] });

    const error = await failure(hub().build("a-1-1"));

    expect(error).toMatchObject({ status: 404, error: "KojiNVRBuildNotFound" });
    expect(error.message).toContain(`expected the state COMPLETE, but it is ${state}`);
    expect(error.message).toContain(advice);
  });

  it("takes a build about which nothing is told for none with manifests", async () => {
    koji.faults = [{ op: "getBuild", do: { value: {} } }];

    expect(await failure(hub().build(NVR))).toBeInstanceOf(KojiNotAnOperatorImageError);
  });
});

const SQL = "<class 'psycopg2.errors.UndefinedFunction'>: LINE 9: WHERE (build.id = true)";

/** How Koji fails, and what of it the caller is told. */
const FAILURES: readonly [what: string, action: KojiFaultAction, told: RegExp][] = [
  ["a python exception", { fault: [1, SQL] }, /refused with fault 1:/],
  ["a generic fault", { fault: [1000, "database is gone"] }, /refused with fault 1000:/],
  ["that it is offline", { fault: [1014, "back on Monday"] }, /is offline/],
  ["that access is denied", { fault: [1005, "access denied"] }, /refused with fault 1005:/],
  ["a text", { value: "hello" }, /no usable answer/],
  ["a list", { value: [1] }, /no usable answer/],
  ["half a build", { value: { id: 1, state: 1 } }, /no usable answer/],
  ["true", { value: true }, /no usable answer/],
  ["no XML", { status: 200, body: "hello", contentType: "text/xml" }, /no usable answer/],
  ["403", { status: 403, body: "no" }, /HTTP status 403/],
  ["500", { status: 500, body: "err" }, /HTTP status 500/],
  ["a redirect", { status: 302, body: "", headers: { location: "/kojihub" } }, /HTTP status 302/],
  ["a reset", { reset: true }, /no usable answer/],
  ["no answer", { close: true }, /no usable answer/],
  ["half an answer", { truncate: 40 }, /no usable answer/],
];

/** As by hub.build. */
const BUILD: KojiBuild = { id: 1, nvr: NVR, name: "etcd", version: "0.9.4", release: "1", extra: null };

describe.each<[string, () => Promise<unknown>]>([
  ["getAPIVersion", () => hub().apiVersion()],
  ["getBuild", () => hub().build(NVR)],
  ["getBuildLogs", () => hub().logs(BUILD)],
  ["listArchives", () => hub().operatorArchives(BUILD)],
])("when Koji answers %s", (op, ask) => {
  it.each(FAILURES)("with %s, it is a KojiError that shows nothing of it", async (_, action, told) => {
    koji.faults = [{ op, do: action }];

    const error = await failure(ask());

    expect(error).toBeInstanceOf(KojiError);
    expect(error).toMatchObject({ status: 500, error: "KojiError", cause: expect.any(Error) });
    expect(error.message).toMatch(told);
    expect(error.message).not.toMatch(/psycopg2|WHERE|database is gone|Monday|access denied|hello/);
  });

  it("never, it is a KojiError in time", async () => {
    koji.faults = [{ op, do: { hang: true } }];
    http = new HttpClient({ timeoutMs: 100, sleep: async () => {} });

    expect((await failure(ask())).message).toMatch(/did not answer in time/);
  });

  it("wrongly twice, it is asked a third time", async () => {
    koji.faults = [
      { op, times: 1, do: { reset: true } },
      { op, times: 1, do: { status: 503, body: "busy" } },
    ];

    await ask();

    expect(ops()).toEqual([op, op, op]);
  });
});

it("keeps what Koji says for the log", async () => {
  koji.faults = [{ op: "getBuild", do: { fault: [1, SQL] } }];

  const { cause } = await failure(hub().build(NVR));

  expect(String(cause)).toContain("psycopg2");
});

it("gives the version of the hub's API", async () => {
  expect(await hub().apiVersion()).toBe(1);
});

describe("what else the hub tells of a build", () => {
  it("no logs where it says null", async () => {
    koji.faults = [{ op: "getBuildLogs", do: { value: null } }];

    expect(await hub().logs(BUILD)).toEqual([]);
  });

  it("no archives where it does not know their type", async () => {
    koji.reset({ builds: [{ nvr: NVR }], knowsOperatorManifests: false });

    expect(await hub().operatorArchives(BUILD)).toEqual([]);
  });

  it("the size of an archive also beyond 2 GiB", async () => {
    const content = Buffer.from("zip");
    koji.reset({
      builds: [{ nvr: NVR, archives: [{ filename: "a.zip", content, listed: { size: 2 ** 31 } }] }],
    });

    expect(await hub().operatorArchives(BUILD)).toMatchObject([{ filename: "a.zip", size: 2147483648 }]);
  });
});
