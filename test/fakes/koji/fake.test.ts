import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ARCHIVE,
  type KojiFake,
  operatorBuild,
  recordedRequest,
  recordedResponse,
  startKojiFake,
} from "../koji.ts";
import { readResponse, responseXml } from "./xml.ts";

const RECORDED = readdirSync(new URL("../../fixtures/koji/", import.meta.url))
  .filter((file) => file.endsWith(".request.xml"))
  .map((file) => file.replace(".request.xml", ""));

let koji: KojiFake;
beforeAll(async () => {
  koji = await startKojiFake();
});
beforeEach(() => koji.reset());
afterAll(() => koji.close());

function post(body: string): Promise<Response> {
  return fetch(koji.hubUrl, { method: "POST", body });
}

async function call(method: string, ...params: string[]): Promise<unknown> {
  const all = params.map((param) => `<param><value>${param}</value></param>`).join("");
  const response = await post(
    `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${all}</params></methodCall>`,
  );
  return readResponse(await response.text());
}

const string = (text: string) => `<string>${text}</string>`;
const int = (number: number) => `<int>${number}</int>`;
const fault = (code: number, text: string) => ({ faultCode: code, faultString: text });
const file = (path: string) => fetch(`${koji.rootUrl}${path}`);

describe("what was recorded of Koji 1.35", () => {
  /** What depends on the content of an archive, of which there is no recording. */
  const masked = (xml: string) =>
    xml
      .replace(/(<name>checksum<\/name>\n<value><string>)[0-9a-f]+/, "$1…")
      .replace(/(<name>size<\/name>\n<value><int>)\d+/, "$1…");

  it.each(RECORDED.filter((name) => name !== "multiCall"))("%s is answered to the byte", async (name) => {
    const response = await post(recordedRequest(name));

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/xml");
    expect(response.headers.get("koji-version")).toMatch(/^1\.35/);
    expect(masked(await response.text())).toBe(masked(recordedResponse(name)));
  });

  it("multiCall is answered to the byte, but for the lines of the traceback", async () => {
    const lines = (xml: string) =>
      xml.replace(/<value><string>(?: {2}File|koji\.)[^<]*<\/string><\/value>\n/g, "");

    const answer = await (await post(recordedRequest("multiCall"))).text();

    expect(lines(answer)).toBe(lines(recordedResponse("multiCall")));
  });

  it.each(RECORDED.filter((name) => name.startsWith("getBuild-") && !/manyextra|fault/.test(name)))(
    "%s can be written as Koji does",
    (name) => {
      const value = readResponse(recordedResponse(name));

      expect(responseXml(JSON.parse(JSON.stringify(value)))).toBe(recordedResponse(name));
    },
  );
});

describe("the hub", () => {
  it.each(["", "1", "a-b", "a--b", "a-b-", "notannvr"])("takes %j for no NVR", async (text) => {
    await expect(call("getBuild", string(text))).rejects.toMatchObject(
      fault(1000, `invalid format: ${text}`),
    );
  });

  it.each(["a-b-c", " etcd-operator-container-0.9.4-1", "ETCD-operator-container-0.9.4-1"])(
    "has no build %j",
    async (nvr) => {
      expect(await call("getBuild", string(nvr))).toBeNull();
    },
  );

  it("finds a build by its ID, and by an NVR with any epoch", async () => {
    const nvr = "epoch-operator-container-2.0-3";
    const build = await call("getBuild", string(`9:${nvr}`));

    expect(build).toMatchObject({ nvr, epoch: 4 });
    expect(await call("getBuild", int(1))).toMatchObject({ id: 1 });
    expect(await call("getBuild", int(99999))).toBeNull();
  });

  it("shows the SQL of an exception", async () => {
    await expect(call("getBuild", "<boolean>1</boolean>")).rejects.toMatchObject(
      fault(1, expect.stringContaining("WHERE (build.id = true)")),
    );
  });

  it("takes no more arguments than there are", async () => {
    await expect(call("getAPIVersion")).resolves.toBe(1);
    await expect(call("getBuildLogs", int(1), int(2))).rejects.toMatchObject({ faultCode: 1019 });
  });

  it("lists archives also for arguments in their order", async () => {
    const nil = "<nil/>";

    expect(await call("listArchives", int(1), nil, nil, nil, string("operator-manifests"))).toHaveLength(1);
    expect(await call("listArchives", int(99999))).toEqual([]);
  });

  it("knows nothing of a type that nobody added", async () => {
    koji.reset({ builds: [operatorBuild("a-1-1", Buffer.of())], knowsOperatorManifests: false });

    await expect(
      post(recordedRequest("listArchives-empty")).then(text).then(readResponse),
    ).rejects.toMatchObject(fault(1000, "unsupported archive type: operator-manifests"));
  });

  it("keeps the archives of a deleted build on its list, and nothing else of it", async () => {
    const { id } = Object(await call("getBuild", string("deleted-operator-container-1.0-1")));

    expect(await call("listArchives", int(id))).toMatchObject([{ filename: ARCHIVE }]);
    expect(await call("getBuildLogs", int(id))).toEqual([]);
    expect(
      (await file(`packages/deleted-operator-container/1.0/1/files/operator-manifests/${ARCHIVE}`)).status,
    ).toBe(404);
  });

  it.each(["", "<", '<?xml version="1.0"?><!DOCTYPE a><methodCall><methodName>a</methodName></methodCall>'])(
    "refuses %j as no request",
    async (body) => {
      const response = await post(body);

      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/^Invalid request: /);
    },
  );

  it("takes a POST only", async () => {
    expect((await fetch(koji.hubUrl)).status).toBe(405);
  });
});

const text = (response: Response) => response.text();

describe("the files", () => {
  const place = `packages/etcd-operator-container/0.9.4/1/files/operator-manifests/${ARCHIVE}`;

  it("are those that the hub lists", async () => {
    const bytes = Buffer.from(await (await file(place)).arrayBuffer());

    expect(await call("listArchives", int(1))).toMatchObject([
      { size: bytes.length, checksum: createHash("md5").update(bytes).digest("hex") },
    ]);
  });

  it.each([
    ["encoded", place.replace("etcd", "%65tcd"), 200],
    ["with two slashes", `/${place}`, 200],
    ["with no meaning", "%", 404],
    ["of another build", place.replace("0.9.4", "0.9.5"), 404],
  ])("may be asked for with a path %s: %s", async (_, path, status) => {
    expect((await file(path)).status).toBe(status);
  });

  it("can be added", async () => {
    koji.store("a/b.zip", Buffer.from("zip"));
    koji.add(operatorBuild("new-1-1", Buffer.from("new")));

    expect(await (await file("a/b.zip")).text()).toBe("zip");
    expect(await call("getBuild", string("new-1-1"))).toMatchObject({ name: "new", version: "1", state: 1 });
  });
});

describe("a scripted fault", () => {
  it("is that of a method, or of the files, where the XML or the path fits", async () => {
    koji.faults = [
      { op: "getBuild", match: "etcd-operator", times: 1, do: { fault: [1014, "offline"] } },
      { op: "file", match: /\/0\.9\.4\//, do: { status: 503, body: "busy" } },
    ];

    expect(await call("getBuild", string("nosuch-1-1"))).toBeNull();
    await expect(call("getBuild", string("etcd-operator-container-0.9.4-1"))).rejects.toMatchObject(
      fault(1014, "offline"),
    );
    expect(await call("getBuild", string("etcd-operator-container-0.9.4-1"))).toMatchObject({ id: 1 });
    expect((await file("packages/etcd-operator-container/0.9.4/1/x")).status).toBe(503);
  });

  it("answers with another value, null too", async () => {
    koji.faults = [
      { op: "getAPIVersion", times: 1, do: { value: null } },
      { op: "getAPIVersion", do: { value: { a: [2 ** 31, 1.5, "<&>"] } } },
    ];

    expect(await call("getAPIVersion")).toBeNull();
    expect(await call("getAPIVersion")).toEqual({ a: ["2147483648", 1.5, "<&>"] });
  });

  it("sends the answer in pieces, whole in the end", async () => {
    koji.faults = [{ op: "*", do: { drip: 1 } }];

    expect(await call("getAPIVersion")).toBe(1);
  });
});

describe("the record", () => {
  it("holds each request with its purpose and parameters", async () => {
    await call("getBuildLogs", int(3));
    await file("a%20b.zip?query");

    expect(koji.requests).toMatchObject([
      { op: "getBuildLogs", method: "POST", path: "/kojihub", params: [3] },
      { op: "file", method: "GET", path: "/kojiroot/a%20b.zip", params: undefined },
    ]);
  });

  it("is forgotten with all else on a reset", async () => {
    koji.faults = [{ op: "*", do: { reset: true } }];
    await call("getAPIVersion").catch(() => {});

    koji.reset({});

    expect([koji.requests, koji.faults]).toEqual([[], []]);
    expect(await call("getBuild", int(1))).toBeNull();
  });
});
