import { DeleteObjectCommand, NotFound } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { objectsOf } from "./objects.ts";
import type { Connected } from "./peer.ts";

const FAILED = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };
const MISSING = { $metadata: { httpStatusCode: 404 } };

/** Declares the tests of conditional writes and deletions, on which leases rest. */
export function probeConditions(peer: Connected): void {
  const { at, put, head, get } = objectsOf(peer);
  const contentOf = async (key: string) => (await get(key)).content.toString();

  describe("a write if there is none (If-None-Match: *)", () => {
    it("writes an object that is not there", async () => {
      await put("new/a", "first", { IfNoneMatch: "*" });

      expect(await contentOf("new/a")).toBe("first");
    });

    it("leaves one that is there as it is", async () => {
      await put("new/b", "first");

      await expect(put("new/b", "second", { IfNoneMatch: "*" })).rejects.toMatchObject(FAILED);
      expect(await contentOf("new/b")).toBe("first");
    });

    it("is won by one of 20 that race", async () => {
      const race = Array.from({ length: 20 }, (_, racer) =>
        put("new/race", `racer ${racer}`, { IfNoneMatch: "*" }),
      );
      const ends = await Promise.allSettled(race);

      const winners = ends.flatMap(({ status }, racer) => (status === "fulfilled" ? [racer] : []));
      expect(winners).toHaveLength(1);
      expect(await contentOf("new/race")).toBe(`racer ${winners[0]}`);
    });
  });

  describe("a write if it is unchanged (If-Match)", () => {
    it("replaces the object that has the ETag", async () => {
      const { ETag } = await put("same/a", "first");
      const replaced = await put("same/a", "second", { IfMatch: ETag });

      expect(replaced.ETag).not.toBe(ETag);
      expect(await get("same/a")).toMatchObject({ content: Buffer.from("second"), etag: replaced.ETag });
    });

    it("leaves an object with another ETag as it is", async () => {
      const { ETag } = await put("same/b", "first");
      await put("same/b", "second");

      await expect(put("same/b", "third", { IfMatch: ETag })).rejects.toMatchObject(FAILED);
      expect(await contentOf("same/b")).toBe("second");
    });

    it("does not make an object that is not there", async () => {
      await expect(put("same/none", "first", { IfMatch: '"0123"' })).rejects.toMatchObject(MISSING);
      await expect(head("same/none")).rejects.toBeInstanceOf(NotFound);
    });

    it("is won by one of 20 that race", async () => {
      const { ETag } = await put("same/race", "first");
      const race = Array.from({ length: 20 }, (_, racer) =>
        put("same/race", `racer ${racer}`, { IfMatch: ETag }),
      );
      const ends = await Promise.allSettled(race);

      const winners = ends.flatMap(({ status }, racer) => (status === "fulfilled" ? [racer] : []));
      expect(winners).toHaveLength(1);
      expect(await contentOf("same/race")).toBe(`racer ${winners[0]}`);
    });
  });

  describe("a deletion if it is unchanged (If-Match)", () => {
    const remove = (key: string, IfMatch: string | undefined) =>
      peer().s3.send(new DeleteObjectCommand({ ...at(key), IfMatch }));

    it("deletes the object that has the ETag", async () => {
      const { ETag } = await put("gone/a", "first");
      await remove("gone/a", ETag);

      await expect(head("gone/a")).rejects.toBeInstanceOf(NotFound);
    });

    it("leaves an object with another ETag as it is", async () => {
      const { ETag } = await put("gone/b", "first");
      await put("gone/b", "second");

      await expect(remove("gone/b", ETag)).rejects.toMatchObject(FAILED);
      expect(await contentOf("gone/b")).toBe("second");
    });

    it("of what is not there is an error", async () => {
      await expect(remove("gone/none", '"0123"')).rejects.toMatchObject(MISSING);
    });
  });
}
