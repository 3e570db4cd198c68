import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FOO, PACKAGES, Probe, parcel, withReleases } from "../fakes/quay/probe.ts";
import { comparable, type Exchange, readRecording, repeat } from "../fakes/quay/recording.ts";
import { type QuaySeed, replaySeed } from "../fakes/quay.ts";

const RECORDING = new URL("../fixtures/quay-golden.jsonl", import.meta.url);

let probe: Probe;

beforeEach(async () => {
  probe = await Probe.start();
});

afterEach(() => probe.quay.close());

describe("the recording of Quay 3.6", () => {
  /** Seconds that the recorder waited before a case. */
  const WAITS: Readonly<Record<string, number>> = {
    "force=True ignored": 1.1,
    "login bad password 2": 1.5,
    "login bad password 3 (window now 3.5 s)": 3,
  };
  /** Where the fake is known to answer otherwise, and why. */
  const DIFFERING: Readonly<Record<string, string>> = {};

  /** The one request that the recording leaves out for its size: a push with a padding of 1 MiB. */
  function rebuilt(exchange: Exchange, recording: readonly Exchange[]): Exchange {
    if (exchange.request !== "(large)") return exchange;
    const push = recording.find(({ name }) => name === "push new")?.request;
    if (typeof push !== "object") throw new TypeError("the recording has no push to make it of");
    return { ...exchange, request: { ...push, pad: "x".repeat(1024 * 1024) } };
  }

  it("is answered alike, but for the cases that the table names", async () => {
    const recording = await readRecording(RECORDING);

    const differing: string[] = [];
    for (const exchange of recording) {
      probe.pass(WAITS[exchange.name] ?? 0);
      const outcome = await repeat(probe.quay.url, rebuilt(exchange, recording));
      if (!isDeepStrictEqual(comparable(outcome), comparable(exchange))) differing.push(exchange.name);
    }

    expect(recording).toHaveLength(126);
    expect(differing).toEqual(Object.keys(DIFFERING));
  });
});

describe("listing", () => {
  const named = (kind: string, releases: string[], visibility: "public" | "private") =>
    Array.from({ length: 60 }, (_, index) => ({ name: `acme/${kind}-${index}`, releases, visibility }));
  const crowd = (visibility: "public" | "private"): QuaySeed => ({
    ...replaySeed,
    repositories: [...named("empty", [], visibility), ...named("full", ["1.0.0"], visibility)],
  });

  it("cuts an authenticated list at 100 repositories, and only then drops the empty ones", async () => {
    probe.quay.reset(crowd("private"));

    const listed = await probe.json(`${PACKAGES}?namespace=acme`);

    expect(listed).toHaveLength(40);
  });

  it("does not cut an anonymous list", async () => {
    await probe.quay.close();
    probe = await Probe.start({ seed: crowd("public"), resultsLimit: 1 });

    expect(await probe.json(`${PACKAGES}?namespace=acme`, "nobody")).toHaveLength(60);
    expect(await probe.json(`${PACKAGES}?namespace=acme`)).toHaveLength(0);
  });

  it("finds by part of the name what the cut left out", async () => {
    probe.quay.reset(crowd("private"));

    const found = await probe.json(`${PACKAGES}?namespace=acme&query=full-59`);

    expect(found).toMatchObject([{ name: "acme/full-59", releases: ["1.0.0"] }]);
  });

  it("pages through /api, where nothing is lost", async () => {
    probe.quay.reset(crowd("private"));

    const first = await probe.json("/api/v1/repository?namespace=acme&repo_kind=application", "bearer");
    const second = await probe.json(
      "/api/v1/repository?namespace=acme&repo_kind=application&next_page=100",
      "bearer",
    );

    expect(first).toMatchObject({ next_page: "100" });
    expect(second).toMatchObject({ repositories: { length: 20 } });
    expect(second).not.toHaveProperty("next_page");
  });
});

describe("reading", () => {
  it.each([
    ["default", "2.0.0-rc.1"],
    [">=1.0.0", "2.0.0-rc.1"],
    ["<1.1.0", "1.0.1"],
    ["~1.0.0", "1.0.1"],
    ["^1.0.0", "1.10.0"],
    ["1.0.0", "1.0.0"],
    ["!=2.0.0-rc.1,1.*", "1.10.0"],
  ])("takes %s for a query and answers with %s", async (query, release) => {
    probe.quay.reset(withReleases("1.0.0", "1.10.0", "1.0.1", "1.9.0", "2.0.0-rc.1"));

    const found = await probe.json(`${FOO}/${encodeURIComponent(query)}/helm`);

    expect(found).toMatchObject({ release });
  });

  it("prefers build metadata, even where the plain release was asked for", async () => {
    probe.quay.reset(withReleases("1.0.0", "1.0.0+build.1"));

    expect(await probe.json(`${FOO}/1.0.0/helm`)).toMatchObject({ release: "1.0.0+build.1" });
    expect(await probe.json(`${FOO}/1.0.0`)).toMatchObject([{ release: "1.0.0+build.1" }]);
    expect(await probe.json(`${PACKAGES}?namespace=acme`)).toMatchObject([
      { releases: ["1.0.0", "1.0.0+build.1"] },
    ]);
  });

  it("gives any blob of the registry to who may read any package", async () => {
    probe.quay.reset({
      ...replaySeed,
      repositories: [
        { name: "acme/secret", releases: [{ release: "1.0.0", content: gzipSync("secret") }] },
        { name: "acme/open", visibility: "public" },
      ],
    });
    const digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    const response = await probe.ask(`${PACKAGES}/acme/open/blobs/sha256/${digest}`, { as: "nobody" });

    expect(response.headers.get("content-disposition")).toBe("acme_open_2bb80d53.tar.gz");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(gzipSync("secret"));
  });

  it("names the caller where an image repository stands in the way", async () => {
    const response = await probe.ask(`${PACKAGES}/buynlarge/orgrepo`);

    expect(response.status).toBe(405);
    expect(await response.json()).toEqual({
      error: "Cannot push an application to an image repository with the same name (authorized: user alice)",
    });
  });
});

describe("pushing", () => {
  it("leaves an empty private repository behind when it fails late", async () => {
    const response = await probe.post(FOO, parcel("not a version"));

    expect(response.status).toBe(422);
    expect(probe.quay.packages()).toEqual({ "acme/foo": { visibility: "private", releases: [] } });
  });

  it("replaces the bytes of a shared tar, and keeps the size of the first", async () => {
    const small = gzipSync("one tar", { level: 9 });
    const large = gzipSync("one tar", { level: 0 });
    await probe.post(FOO, { ...parcel("1.0.0"), blob: small.toString("base64") });

    await probe.post(`${PACKAGES}/acme/bar`, { ...parcel("1.0.0"), blob: large.toString("base64") });

    expect(probe.quay.tarball("acme/foo", "1.0.0")).toEqual(large);
    expect(await probe.json(`${FOO}/1.0.0/helm`)).toMatchObject({ content: { size: small.length } });
  });

  it("asks an OAuth token for both scopes before a new package is in", async () => {
    const [creator, writer] = ["C".repeat(40), "W".repeat(40)];
    const bearing = (token: string) => ({
      authorization: `Basic ${Buffer.from(`$oauthtoken:${token}`).toString("base64")}`,
    });
    probe.quay.reset({
      ...replaySeed,
      oauthTokens: [
        { token: creator, owner: "alice", scopes: ["repo:create"] },
        { token: writer, owner: "alice", scopes: ["repo:write", "repo:admin"] },
      ],
    });
    const body = JSON.stringify(parcel("1.0.0"));
    const pushAs = (token: string) => probe.ask(FOO, { method: "POST", body, headers: bearing(token) });

    expect(await (await pushAs(writer)).json()).toMatchObject({ error: { details: { scopes: ["create"] } } });
    expect(await (await pushAs(creator)).json()).toMatchObject({ error: { details: { scopes: ["push"] } } });
    expect((await pushAs(writer)).status).toBe(200);
  });

  it("takes a body of the limit and not one byte more", async () => {
    const fitting = JSON.stringify(parcel("1.0.0"));
    await probe.quay.close();
    probe = await Probe.start({ maxBodyBytes: fitting.length });

    const taken = await probe.ask(FOO, { method: "POST", body: fitting });
    const refused = await probe.ask(FOO, { method: "POST", body: `${fitting} ` });

    expect(taken.status).toBe(200);
    expect(refused.status).toBe(413);
    expect(refused.headers.get("connection")).toBe("close");
    expect(await refused.text()).toContain("<center>nginx/1.22.1</center>\r\n");
  });

  it("never answers a body without a length", async () => {
    const body = new Blob([JSON.stringify(parcel("1.0.0"))]).stream();

    const answer = probe.ask(FOO, { method: "POST", body, duplex: "half", signal: AbortSignal.timeout(150) });

    await expect(answer).rejects.toThrow("timeout");
    expect(probe.quay.packages()).toEqual({});
  });

  it("keeps one of two simultaneous pushes", async () => {
    const answers = await Promise.all([
      probe.post(FOO, parcel("1.0.0", "a")),
      probe.post(FOO, parcel("1.0.0", "b")),
    ]);

    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(probe.quay.packages()["acme/foo"]?.releases).toEqual(["1.0.0"]);
  });
});

describe("deleting", () => {
  it("fails when the release was deleted and pushed within the same second", async () => {
    await probe.post(FOO, parcel("1.0.0"));
    await probe.remove(`${FOO}/1.0.0/helm`);
    await probe.post(FOO, parcel("1.0.0"));

    const again = await probe.remove(`${FOO}/1.0.0/helm`);

    expect(again.status).toBe(500);
    expect(probe.quay.packages()["acme/foo"]?.releases).toEqual(["1.0.0"]);
  });

  it("takes an exact name, no query", async () => {
    probe.quay.reset(withReleases("1.0.0"));

    expect((await probe.remove(`${FOO}/default/helm`)).status).toBe(404);
  });
});
