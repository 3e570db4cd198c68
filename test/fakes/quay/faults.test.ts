import { once } from "node:events";
import { Agent, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answering, gatewayTimeout, serverError } from "../quay.ts";
import { FOO, PACKAGES, Probe, parcel, withReleases } from "./probe.ts";
import { AUTHORIZATION } from "./recording.ts";

let probe: Probe;

beforeEach(async () => {
  probe = await Probe.start();
});

afterEach(() => probe.quay.close());

describe("the connection", () => {
  /** Whether the second of two requests went over the connection of the first. */
  async function isKept(path: string): Promise<boolean> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = async () => {
      const sent = request(probe.quay.url + path, { agent }).end();
      const [response] = await once(sent, "response");
      await buffer(response);
      return sent.reusedSocket;
    };
    await send();
    const reused = await send();
    agent.destroy();
    return reused;
  }

  it("is kept on /cnr and closed on /api", async () => {
    expect(await isKept("/cnr/version")).toBe(true);
    expect(await isKept("/api/v1/user/")).toBe(false);
  });

  it("is counted while it is open", async () => {
    await (await probe.ask("/cnr/version")).text();
    const open = probe.quay.openSockets();

    await probe.quay.close();

    expect(open).toBe(1);
    expect(probe.quay.openSockets()).toBe(0);
  });

  it("leads to werkzeug's pages where there is no route", async () => {
    const [nowhere, wrongMethod] = [await probe.ask(`${PACKAGES}/acme`), await probe.remove(FOO)];

    expect([nowhere.status, wrongMethod.status]).toEqual([404, 405]);
    expect(await nowhere.text()).toHaveLength(232);
    expect(await wrongMethod.text()).toHaveLength(178);
  });
});

describe("the record", () => {
  it("holds each request with its purpose, credentials, body and blob", async () => {
    await probe.post(`${FOO}?force=true`, parcel("1.0.0"));

    expect(probe.quay.requests).toMatchObject([
      {
        op: "push",
        method: "POST",
        path: FOO,
        query: { force: "true" },
        authorization: AUTHORIZATION["alice"],
        body: { release: "1.0.0" },
        blob: gzipSync("1.0.0"),
      },
    ]);
  });

  it("is forgotten with all else on a reset", async () => {
    await probe.post(FOO, parcel("1.0.0"));
    probe.quay.faults = [{ op: "*", do: { reset: true } }];

    probe.quay.reset();

    expect([probe.quay.requests, probe.quay.faults, probe.quay.packages()]).toEqual([[], [], {}]);
  });
});

describe("a scripted fault", () => {
  it("drops the connection with a reset", async () => {
    probe.quay.faults = [{ op: "push", do: { reset: true } }];

    await expect(probe.post(FOO, parcel("1.0.0"))).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(probe.quay.packages()).toEqual({});
  });

  it("ends the connection without an answer", async () => {
    probe.quay.faults = [{ op: "push", do: { close: true } }];

    await expect(probe.post(FOO, parcel("1.0.0"))).rejects.toMatchObject({
      cause: { code: "UND_ERR_SOCKET" },
    });
  });

  it("cuts the answer off amid the body", async () => {
    probe.quay.faults = [{ op: "version", do: { truncate: 5 } }];

    const response = await probe.ask("/cnr/version");

    expect(response.headers.get("content-length")).toBe("20");
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("never answers, until the fake closes", async () => {
    probe.quay.faults = [{ op: "list", do: { hang: true } }];
    const answer = probe.ask(PACKAGES);
    const closeOnArrival = async () => {
      await expect.poll(() => probe.quay.requests.length).toBe(1);
      await probe.quay.close();
    };

    await Promise.all([expect(answer).rejects.toThrow("fetch failed"), closeOnArrival()]);
  });

  it("makes the change and then loses the answer", async () => {
    probe.quay.faults = [{ op: "push", times: 1, do: { ...answering(gatewayTimeout), after: true } }];

    const [lost, repeated] = [await probe.post(FOO, parcel("1.0.0")), await probe.post(FOO, parcel("1.0.0"))];

    expect([lost.status, repeated.status]).toEqual([504, 409]);
    expect(probe.quay.packages()["acme/foo"]?.releases).toEqual(["1.0.0"]);
  });

  it("comes after `skip` requests, `times` times, where the path fits", async () => {
    probe.quay.reset(withReleases("1.0.0"));
    probe.quay.faults = [{ op: "helm", match: /\/foo\//, skip: 1, times: 1, do: answering(serverError) }];

    const statuses: number[] = [];
    for (const path of [`${FOO}/1.0.0/helm`, FOO, `${FOO}/1.0.0/helm`, `${FOO}/1.0.0/helm`]) {
      statuses.push((await probe.ask(path)).status);
    }

    expect(statuses).toEqual([200, 200, 500, 200]);
  });

  it("answers with the JSON, type and headers that it names", async () => {
    const headers = { "retry-after": "7" };
    probe.quay.faults = [{ op: "*", do: { status: 503, json: { error: "busy" }, headers } }];

    const response = await probe.ask(PACKAGES);

    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ error: "busy" });
  });
});
