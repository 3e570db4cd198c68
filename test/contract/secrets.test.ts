import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SecretFault } from "../../infra/local/aws/secrets-manager.ts";
import { ACME, ACME_QUAY, type Omps, startOmps } from "../support/omps.ts";
import { packageZip } from "../support/package.ts";

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps({
    config: {
      organizations: {
        open: { public: true },
        acme: { public: true },
        broken: { public: true },
        other: { public: true },
      },
    },
    secrets: {
      "omps/open": JSON.stringify({ oauth_token: ACME.oauthToken }),
      "omps/broken": "no JSON",
      "omps/other": '{"push_token": "x"}',
    },
  });
});
beforeEach(() => omps.reset());
afterAll(() => omps.close());

const push = (organization: string) => omps.upload(`/v1/${organization}/etcd/zipfile/1.0.0`, packageZip());

describe("the OAuth token of a public organization", () => {
  it("is read once, and kept", async () => {
    await push("open");
    await omps.upload("/v1/open/etcd/zipfile", packageZip());

    expect(omps.secrets.reads.filter((name) => name === "omps/open")).toHaveLength(1);
  });

  it("may be missing: the package is pushed, not published, and the log says so", async () => {
    expect((await push("acme")).status).toBe(200);

    expect(omps.quay.packages()["acme/etcd"]?.visibility).toBe("private");
    expect(omps.lines.join("\n")).toContain("has no OAuth token");
  });

  it("that is no JSON is a configuration error, before anything is pushed", async () => {
    expect(await push("broken")).toMatchObject({ status: 500, body: { error: "OMPSConfigurationError" } });
    expect(omps.quay.requests).toEqual([]);
  });

  it.each<SecretFault>(["AccessDeniedException", "ThrottlingException", "InternalServiceError"])(
    "that cannot be read (%s) is a configuration error, before anything is pushed",
    async (fault) => {
      omps.secrets.faults.set("omps/other", fault);

      expect(await push("other")).toMatchObject({ status: 500, body: { error: "OMPSConfigurationError" } });
      expect(omps.quay.requests).toEqual([]);
    },
  );
});

describe("a push to an organization that is not public", () => {
  it("needs no secret, and works while none can be read", async () => {
    omps.reset({ ...ACME_QUAY, organizations: [{ name: "private", owners: ["owner", "acme+bot"] }] });
    omps.secrets.faults.set("omps/private", "AccessDeniedException");

    expect((await push("private")).status).toBe(200);
    expect(omps.secrets.reads).not.toContain("omps/private");
  });
});

describe("of what a service says when it fails, the log has no more than the start", () => {
  const canary = "canary-of-a-service";
  const log = () => omps.lines.join("\n");
  const build = () => omps.call("POST", "/v2/acme/koji/etcd-container-1-1");

  it("not the body of an answer that is no use", async () => {
    omps.koji.faults = [{ op: "getBuild", do: { status: 500, body: canary } }];

    expect((await build()).body).toMatchObject({ error: "KojiError" });
    expect(log()).toContain("getBuild: HTTP status 500");
    for (const form of forms(canary)) expect(log()).not.toContain(form);
  });

  it("not the end of a long fault", async () => {
    omps.koji.faults = [{ op: "getBuild", do: { fault: [1000, `SELECT 1 ${" ".repeat(1000)}${canary}`] } }];

    expect((await build()).body).toMatchObject({ error: "KojiError" });
    expect(log()).toContain("getBuild: fault 1000, SELECT 1");
    expect(log()).not.toContain(canary);
  });

  it("neither when its health is checked", async () => {
    omps.quay.faults = [{ op: "version", do: { status: 503, body: canary } }];
    omps.koji.faults = [{ op: "getAPIVersion", do: { fault: [1, `${" ".repeat(1000)}${canary}`] } }];

    expect((await omps.call("GET", "/v2/health/ping")).status).toBe(503);
    expect(log()).toContain("HTTP status 503");
    for (const form of forms(canary)) expect(log()).not.toContain(form);
  });
});

/** A text as it is, and its bytes as JSON shows a Buffer. */
function forms(text: string): string[] {
  return [text, [...Buffer.from(text)].join(","), Buffer.from(text).toString("base64")];
}

it("shows no secret in any answer or log line", async () => {
  const answers = [
    await push("open"),
    await omps.upload("/v1/open/etcd/zipfile/1.0.0", packageZip()),
    await push("broken"),
    await omps.call("DELETE", "/v1/open/etcd"),
    await omps.call("DELETE", "/v1/open/etcd"),
  ];

  const said = JSON.stringify(answers) + omps.lines.join("\n");
  const token = ACME.token.replace("basic ", "");
  const secrets = [
    "canary-robot-token",
    ACME.oauthToken,
    token,
    encodeURIComponent(token),
    Buffer.from(ACME.oauthToken).toString("base64"),
  ];
  expect(omps.lines.length).toBeGreaterThan(10);
  for (const secret of secrets) expect(said).not.toContain(secret);
});
