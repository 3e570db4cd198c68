import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  QuayAuthorizationError,
  QuayPackageError,
  QuayPackageNotFoundError,
} from "../../../lib/errors/index.ts";
import { HttpClient, type HttpTrace } from "../../../lib/http/index.ts";
import { ImageRegistry } from "../../../lib/quay/index.ts";
import type { Release } from "../../../lib/release/index.ts";
import { imageOf } from "../../fakes/registry/bundle-image.ts";

/** A registry that the client is held against: a fake, or a real one. */
export interface Peer {
  readonly registry: URL;
  /** Where tokens may come from, beside the registry. */
  readonly quayUrl: string;
  readonly organization: string;
  /** Authorization headers. */
  readonly callers: {
    /** May make repositories in the organization, and do all with them. */
    readonly writer: string;
    /** Known, and without rights. Undefined where the registry gives rights to all it knows. */
    readonly stranger?: string;
    /** With a wrong password. Undefined where the registry asks for none. */
    readonly impostor?: string;
  };
  readonly deletesByTag: boolean;
  /** Of a repository that is not there yet. */
  newRepository(): string;
}

/**
 * What the client does with any registry, as tests. Call it at the top of a file, for a peer that is ready before the
 * tests begin.
 */
export function describeImageRegistry(title: string, peer: () => Peer): void {
  describe(title, () => {
    let http: HttpClient;
    let traces: HttpTrace[];
    let release: Release;

    const registry = (caller = peer().callers.writer) =>
      new ImageRegistry(http, {
        registry: peer().registry,
        quayUrl: peer().quayUrl,
        authorization: caller,
        repositoryName: (repository) => repository,
      });
    const version = (name: string): Release => ({ ...release, version: name });
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => expect.fail("it did not fail"),
        (error: unknown) => error,
      );

    beforeEach(() => {
      traces = [];
      http = new HttpClient({
        timeoutMs: 20_000,
        sleep: async () => {},
        trace: (line) => traces.push(line),
      });
      release = { organization: peer().organization, repository: peer().newRepository(), version: "1.0.0" };
    });
    afterEach(() => http.close());

    it.each(["oci", "docker"] as const)("publishes an image of kind %s as a tag", async (kind) => {
      const image = imageOf("content", kind);

      await registry().push(release, image);

      expect(await registry().find(release, image.digest)).toBe("same");
      expect(await registry().find(release, imageOf("other").digest)).toBe("other");
      expect(await registry().find(version("2.0.0"), image.digest)).toBe("none");
    });

    it("tells before a push whether a release is there, and publishes in at most eleven requests", async () => {
      const first = registry();
      expect(await first.digestOf(release)).toBeUndefined();
      await first.push(release, imageOf("content"));
      const requests = traces.splice(0);

      expect(requests.length).toBeLessThanOrEqual(11);
      expect(await registry().digestOf(release)).toBe(imageOf("content").digest);
      expect(traces.map(({ method }) => method)).toEqual(traces.map(() => "GET"));
      expect(traces.length).toBeLessThanOrEqual(4);
    });

    it("uploads no blob that is there already", async () => {
      await registry().push(release, imageOf("content"));
      traces.length = 0;
      await registry().push(version("1.0.1"), imageOf("content"));

      expect(traces.filter(({ method }) => method === "POST")).toEqual([]);
      expect(await registry().find(version("1.0.1"), imageOf("content").digest)).toBe("same");
    });

    it("lists the versions, highest first", async () => {
      for (const name of ["2.0.0", "10.0.0", "1.0.0", "2.0.0-rc.1"]) {
        await registry().push(version(name), imageOf(name));
      }

      expect(await registry().listVersions(release)).toEqual(["10.0.0", "2.0.0", "2.0.0-rc.1", "1.0.0"]);
    });

    it("knows no versions of a repository that is not there, and does not make it", async () => {
      expect(await registry().listVersions(release)).toEqual([]);
      expect(await failure(registry().delete(release))).toBeInstanceOf(QuayPackageNotFoundError);
    });

    it("deletes a release, which may then be pushed again with another content", async () => {
      await registry().push(release, imageOf("content"));
      await registry().push(version("2.0.0"), imageOf("other"));

      await registry().delete(release);

      expect(await registry().listVersions(release)).toEqual(["2.0.0"]);
      expect(await failure(registry().delete(release))).toBeInstanceOf(QuayPackageNotFoundError);
      await registry().push(release, imageOf("another"));
      expect(await registry().find(release, imageOf("another").digest)).toBe("same");
    });

    it("deletes no other release that has the same content", async () => {
      await registry().push(release, imageOf("content"));
      await registry().push(version("2.0.0"), imageOf("content"));

      const deletion = registry().delete(release);
      if (peer().deletesByTag) await deletion;
      else expect(await failure(deletion)).toBeInstanceOf(QuayPackageError);

      expect(await registry().find(version("2.0.0"), imageOf("content").digest)).toBe("same");
      const left = peer().deletesByTag ? ["2.0.0"] : ["2.0.0", "1.0.0"];
      expect(await registry().listVersions(release)).toEqual(left);
    });

    it.each(["stranger", "impostor"] as const)("lets the %s do nothing", async (who) => {
      const caller = peer().callers[who];
      if (caller === undefined) return;
      await registry().push(release, imageOf("content"));

      const refused = registry(caller);
      expect(await failure(refused.push(version("2.0.0"), imageOf("other")))).toBeInstanceOf(
        QuayAuthorizationError,
      );
      expect(await failure(refused.delete(release))).toBeInstanceOf(QuayAuthorizationError);
      expect(await refused.find(release, imageOf("content").digest)).toBe("unknown");
      expect(await registry().listVersions(release)).toEqual(["1.0.0"]);
    });
  });
}
