import { describe, expect, it } from "vitest";
import { MAX_COMPARED_RELEASES, publishedVersion } from "../../../lib/publish/published.ts";
import type { Found, ReleaseTarget } from "../../../lib/release/index.ts";
import { createLog, Journal, NO_METRICS } from "../../../lib/telemetry/index.ts";

const REPOSITORY = { organization: "acme", repository: "etcd" };
const log = createLog("CRITICAL", () => {});
const journal = new Journal({ action: "push", log, metrics: NO_METRICS, organizations: new Set() });

/** A registry with these releases, newest first: version to what a look at it says. */
function registry(releases: readonly (readonly [string, Found])[]) {
  const asked: string[] = [];
  const never = () => Promise.reject(new Error("nothing is changed here"));
  const target: ReleaseTarget = {
    listVersions: async () => releases.map(([version]) => version),
    find: async ({ version }) => {
      asked.push(version);
      return releases.find(([name]) => name === version)?.[1] ?? "none";
    },
    describe: never,
    push: never,
    delete: never,
    publish: never,
  };
  const look = (given?: string) => publishedVersion({ target, journal }, REPOSITORY, "digest", given);
  return { asked, look };
}

describe("a content is published already", () => {
  it("under the newest version that has it", async () => {
    const { look } = registry([
      ["3.0.0", "other"],
      ["2.0.0", "same"],
      ["1.0.0", "same"],
    ]);

    expect(await look()).toBe("2.0.0");
  });

  it("not where each release has another one, and not where there is none", async () => {
    expect(
      await registry([
        ["2.0.0", "other"],
        ["1.0.0", "none"],
      ]).look(),
    ).toBeUndefined();
    expect(await registry([]).look()).toBeUndefined();
  });

  it("only under the version that is given, where one is", async () => {
    const { asked, look } = registry([
      ["2.0.0", "same"],
      ["1.0.0", "other"],
    ]);

    expect(await look("1.0.0")).toBeUndefined();
    expect(asked).toEqual(["1.0.0"]);
    expect(await look("2.0.0")).toBe("2.0.0");
  });

  it("in no release whose name has another form than ours", async () => {
    const { asked, look } = registry([
      ["1.0.0-rc1", "same"],
      ["v1", "same"],
    ]);

    expect(await look()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("in so many of the newest releases, and in no older one", async () => {
    const releases = (others: number): [string, Found][] => [
      ...Array.from({ length: others }, (_, index): [string, Found] => [
        `${others - index + 1}.0.0`,
        "other",
      ]),
      ["1.0.0", "same"],
    ];

    expect(await registry(releases(MAX_COMPARED_RELEASES - 1)).look()).toBe("1.0.0");
    expect(await registry(releases(MAX_COMPARED_RELEASES)).look()).toBeUndefined();
  });

  it("is not known where the registry cannot tell: that is an error, and no reason to push", async () => {
    const { look } = registry([
      ["2.0.0", "unknown"],
      ["1.0.0", "same"],
    ]);

    await expect(look()).rejects.toMatchObject({ error: "QuayPackageError", status: 500 });
  });
});
