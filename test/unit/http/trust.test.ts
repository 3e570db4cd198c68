import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../lib/app.ts";
import { parseConfig } from "../../../lib/config/index.ts";
import { HttpClient, NetworkError, Trust } from "../../../lib/http/index.ts";
import { PRIVATE_CA, startTlsServer, type TlsServer } from "../../support/tls.ts";

let server: TlsServer;
const clients: HttpClient[] = [];
beforeAll(async () => {
  server = await startTlsServer();
});
afterEach(() => {
  for (const made of clients.splice(0)) made.close();
  Object.assign(server.count, { requests: 0, connections: 0 });
});
afterAll(() => server.close());

const privateCa = () => readFileSync(PRIVATE_CA, "utf8");
const otherCa = rootCertificates.slice(0, 1);

function client(trust?: Trust): HttpClient {
  const made = new HttpClient({ timeoutMs: 20_000, sleep: async () => {}, ...(trust && { trust }) });
  clients.push(made);
  return made;
}

/** The client of a service with this configuration. */
function configured(settings: object): HttpClient {
  const app = createApp({}, { config: parseConfig(JSON.stringify(settings), "test"), sleep: async () => {} });
  const made = app.connect({ signal: new AbortController().signal, left: 60_000 }, () => {});
  clients.push(made);
  return made;
}

const read = async (http: HttpClient) => (await http.read({ url: server.url })).body.toString();

describe("a service with a certificate of a private CA", () => {
  it("is refused: nothing is sent to it", async () => {
    await expect(read(client())).rejects.toThrow(NetworkError);
    await expect(read(client())).rejects.toThrow(/the connection failed \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/);
    await expect(client().write({ method: "POST", url: server.url })).rejects.toThrow(NetworkError);
    expect(server.count.requests).toBe(0);
  });

  it("is refused when another CA is trusted", async () => {
    await expect(read(client(new Trust(otherCa)))).rejects.toThrow(NetworkError);
    expect(server.count.requests).toBe(0);
  });

  it("is taken when its CA is trusted, among others, for reads and writes and downloads", async () => {
    const http = client(new Trust([...otherCa, privateCa()]));

    expect(await read(http)).toBe("over TLS");
    expect((await http.write({ method: "POST", url: server.url })).status).toBe(200);
    expect(await http.download({ url: server.url }, async ({ status }) => status)).toBe(200);
    expect(await read(http.within(10_000))).toBe("over TLS");
  });

  it("is still refused under a name that is not in its certificate", async () => {
    const url = new URL(`https://localhost:${server.url.port}/`);

    await expect(client(new Trust([privateCa()])).read({ url })).rejects.toThrow(NetworkError);
    expect(server.count.requests).toBe(0);
  });

  it("is asked over one connection, also with less time for each call", async () => {
    const http = client(new Trust([privateCa()]));

    await read(http);
    await read(http.within(10_000));

    expect(server.count).toEqual({ requests: 2, connections: 1 });
  });

  it("is taken by the service when ca_bundle names its CA, and only then", async () => {
    expect(await read(configured({ ca_bundle: PRIVATE_CA }))).toBe("over TLS");
    await expect(read(configured({}))).rejects.toThrow(NetworkError);
  });
});

describe("whom Node trusts anyway", () => {
  it("is trusted as before: what is configured comes on top", async () => {
    const script = `
      import { rootCertificates } from "node:tls";
      import { HttpClient, Trust } from "./lib/http/index.ts";
      const trust = new Trust(rootCertificates.slice(0, 1));
      const http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {}, trust });
      console.log((await http.read({ url: new URL(process.argv[1]) })).body.toString());
      http.close();`;
    const env = { NODE_EXTRA_CA_CERTS: PRIVATE_CA };

    const args = ["--input-type=module", "-e", script, server.url.href];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });

    expect(stdout).toBe("over TLS\n");
  });
});

it("reads its certificates once for all requests of a container", () => {
  const trust = new Trust([privateCa()]);

  expect(trust.secureContext).toBe(trust.secureContext);
});

it("does not load TLS before it is needed", async () => {
  const script = `
    const loaded = () => process.moduleLoadList.some((name) => /^NativeModule (https|tls|_tls_wrap)$/.test(name));
    const { createApp } = await import("./lib/app.ts");
    createApp({ OMPS_CONFIG: process.argv[1] }).connect({ signal: new AbortController().signal, left: 60_000 });
    console.log(loaded());
    process.getBuiltinModule("node:https");
    console.log(loaded());`;
  const config = new URL("../../fixtures/tls/config.json", import.meta.url).pathname;

  const args = ["--input-type=module", "-e", script, config];
  const { stdout } = await promisify(execFile)(process.execPath, args);

  expect(stdout).toBe("false\ntrue\n");
});
