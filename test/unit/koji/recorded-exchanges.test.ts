import { readdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HttpClient } from "../../../lib/http/index.ts";
import { KojiFault } from "../../../lib/koji/index.ts";
import { callRpc, type RpcParameter } from "../../../lib/koji/xml-rpc.ts";
import { body, type HostileHub, startHostileHub } from "../../fakes/koji/hostile.ts";
import { recordedRequest, recordedResponse } from "../../fakes/koji.ts";

type Recorded = readonly [fixture: string, method: string, params: readonly RpcParameter[], meaning: unknown];

const build = (fixture: string, nvr: string, meaning: object): Recorded => [
  `getBuild-${fixture}`,
  "getBuild",
  [nvr],
  expect.objectContaining({ nvr, ...meaning }),
];
const typed = (archive: string) => ({
  typeinfo: expect.objectContaining({ "operator-manifests": { archive } }),
});
const archives = (buildID: number) => [{ __starstar: true, buildID, type: "operator-manifests" }];
const ZIP = "operator_manifests.zip";
const ODD = "odd-operator-container-v4.5.0+git~1^a-202401010000.p0.g1234567.assembly.stream.el8";

const VALUES: readonly Recorded[] = [
  ["getAPIVersion", "getAPIVersion", [], 1],
  build("new", "etcd-operator-container-0.9.4-1", {
    id: 1,
    state: 1,
    volume_name: "DEFAULT",
    extra: expect.objectContaining({ ...typed(ZIP), operator_manifests_archive: ZIP }),
  }),
  build("typeinfo-only", "typeinfo-operator-container-1.0.0-7", {
    extra: expect.objectContaining(typed(ZIP)),
  }),
  build("legacy", "legacy-operator-container-1.2.3-4", {
    extra: expect.objectContaining({ operator_manifests_archive: ZIP }),
  }),
  build("bundle", "etcd-bundle-container-0.9.5-2", { extra: expect.objectContaining(typed(ZIP)) }),
  build("not-operator", "httpd-container-2.4-100", { state: 1 }),
  build("extra-null", "bash-5.2.26-3.fc40", { extra: null }),
  build("volume", "vol-operator-container-3.1-9", { volume_name: "osbsvol" }),
  build("epoch", "epoch-operator-container-2.0-3", { epoch: 4 }),
  build("odd", ODD, { version: "v4.5.0+git~1^a" }),
  build("manyextra", "manyextra-operator-container-1.0-1", {
    extra: expect.objectContaining({
      unicode: "žluťoučký kůň — 日本語 🚀 <tag>&amp;\"'",
      empty: "",
      none: null,
      spaces: "  lead and trail  \n",
      i4min: -2147483648,
      i8: "2147483648",
      i8max: "9223372036854775807",
      flt2: 1e300,
      nested: { a: [{ b: null }, [1, [2, [3]]]] },
      constructor: "c",
      toString: "t",
      ...typed(ZIP),
    }),
  }),
  build("building", "building-operator-container-1.0-1", { state: 0, extra: null }),
  build("deleted", "deleted-operator-container-1.0-1", { state: 2 }),
  ["getBuild-unknown-nil", "getBuild", ["nosuch-1-1"], null],
  [
    "getBuildLogs-legacy",
    "getBuildLogs",
    [3],
    [
      expect.objectContaining({ name: "orchestrator.log", dir: "." }),
      {
        name: ZIP,
        dir: ".",
        path: `packages/legacy-operator-container/1.2.3/4/data/logs/./${ZIP}`,
      },
    ],
  ],
  [
    "listArchives-operator-manifests",
    "listArchives",
    archives(1),
    [
      expect.objectContaining({
        filename: ZIP,
        checksum: "511188a2018727024908eea5cd6d3eb1",
        checksum_type: 0,
        size: 742,
        metadata_only: false,
      }),
    ],
  ],
  ["listArchives-empty", "listArchives", archives(3), []],
  [
    "multiCall",
    "multiCall",
    [["getAPIVersion", "nope"].map((methodName) => ({ methodName, params: [] }))],
    [[1], expect.objectContaining({ faultCode: 1000, faultString: "Invalid method: nope" })],
  ],
];

const FAULTS: readonly Recorded[] = [
  ["getBuild-fault-badnvr", "getBuild", ["notannvr"], [1000, "invalid format: notannvr"]],
  ["fault-badmethod", "noSuchMethod", [], [1000, "Invalid method: noSuchMethod"]],
  [
    "fault-badargs",
    "getBuild",
    [],
    [1019, "get_build() missing 1 required positional argument: 'buildInfo'"],
  ],
  ["getBuildLogs-unknown-fault", "getBuildLogs", [99999], [1000, "No such build: 99999"]],
];

let hub: HostileHub;
let http: HttpClient;
beforeAll(async () => {
  hub = await startHostileHub();
});
beforeEach(() => {
  http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });
});
afterEach(() => http.close());
afterAll(() => hub.close());

const call = (method: string, params: readonly RpcParameter[]) =>
  callRpc(http, new URL(hub.url), method, params);

/** Answers with a recording, and gives the requests that it answered. */
function replay(fixture: string): string[] {
  const requests: string[] = [];
  hub.answer = (socket, request) => {
    requests.push(request);
    body(recordedResponse(fixture))(socket, request);
  };
  return requests;
}

describe("what was recorded of Koji 1.35", () => {
  it.each(VALUES)("%s is asked for and read alike", async (fixture, method, params, meaning) => {
    const requests = replay(fixture);

    expect(await call(method, params)).toEqual(meaning);
    expect(requests.map((request) => request.split("\r\n\r\n")[1])).toEqual([
      recordedRequest(fixture).trimEnd(),
    ]);
  });

  it.each(FAULTS)("%s is a fault", async (fixture, method, params, meaning) => {
    const requests = replay(fixture);

    const fault = await call(method, params).catch((error: unknown) => error);

    expect(fault).toBeInstanceOf(KojiFault);
    expect(fault).toMatchObject({ name: "KojiFault", code: at(meaning, 0), text: at(meaning, 1) });
    expect(requests[0]).toContain(recordedRequest(fixture).trimEnd());
  });

  it("is read completely", () => {
    const fixtures = readdirSync(new URL("../../fixtures/koji/", import.meta.url))
      .filter((file) => file.endsWith(".response.xml"))
      .map((file) => file.replace(".response.xml", ""));

    expect([...VALUES, ...FAULTS].map(([fixture]) => fixture).toSorted()).toEqual(fixtures.toSorted());
  });

  it("has members that are prototypes elsewhere, which do no harm", async () => {
    replay("getBuild-manyextra");

    await call("getBuild", ["manyextra-operator-container-1.0-1"]);

    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

function at(list: unknown, index: number): unknown {
  return Array.isArray(list) ? list[index] : undefined;
}
