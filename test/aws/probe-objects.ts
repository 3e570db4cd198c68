import { DeleteObjectCommand, ListObjectsV2Command, NoSuchKey, NotFound } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { objectsOf } from "./objects.ts";
import type { Connected } from "./peer.ts";

/** What paths and XML have a meaning of their own for. */
const ODD_KEYS = [
  "a+b",
  "a b",
  "a%20b",
  "a%2Fb",
  "%",
  "é",
  "日本",
  "a&b<c>\"d'",
  "a?b=c#d",
  "a//b",
  "a/b/",
  "~!*()'",
];

/** Declares the tests of S3's objects: write, read, list and delete. */
export function probeObjects(peer: Connected): void {
  const { at, put, head, get, keys } = objectsOf(peer);

  describe("an object", () => {
    it("is read as it was written, with its metadata", async () => {
      const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
      await put("objects/whole", content, { Metadata: { tag: "md5:0123", Other: "x y" } });

      expect(await get("objects/whole")).toMatchObject({
        content,
        metadata: { tag: "md5:0123", other: "x y" },
      });
    });

    it("has the same ETag for who writes it, reads it and asks for it", async () => {
      const { ETag } = await put("objects/tagged", "content");

      expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
      expect(await head("objects/tagged")).toMatchObject({ ETag, ContentLength: 7 });
      expect((await get("objects/tagged")).etag).toBe(ETag);
    });

    it("tells when it was written, by the clock of S3", async () => {
      await put("objects/dated", "content");

      expect((await head("objects/dated")).LastModified).toBeInstanceOf(Date);
    });

    it("may be empty", async () => {
      await put("objects/empty", Buffer.alloc(0));

      expect((await get("objects/empty")).content).toHaveLength(0);
    });

    it("is replaced by the next write, with its metadata", async () => {
      await put("objects/replaced", "first, and longer", { Metadata: { tag: "1" } });
      await put("objects/replaced", "second");

      expect(await get("objects/replaced")).toMatchObject({ content: Buffer.from("second"), metadata: {} });
    });

    it("that is not there is NotFound to who asks, and NoSuchKey to who reads", async () => {
      await expect(head("objects/none")).rejects.toBeInstanceOf(NotFound);
      await expect(get("objects/none")).rejects.toBeInstanceOf(NoSuchKey);
    });

    it("is not written when its checksum differs", async () => {
      await expect(put("objects/damaged", "content", { ChecksumCRC32: "AAAAAA==" })).rejects.toMatchObject({
        $metadata: { httpStatusCode: 400 },
      });

      await expect(head("objects/damaged")).rejects.toBeInstanceOf(NotFound);
    });

    it("is whole while 200 writes to ten keys are under way", async () => {
      const contentOf = (writer: number) => Buffer.alloc(20_000 + writer, `writer ${writer};`);
      await Promise.all(
        Array.from({ length: 200 }, (_, writer) => put(`concurrent/${writer % 10}`, contentOf(writer))),
      );

      for (let key = 0; key < 10; key++) {
        const { content } = await get(`concurrent/${key}`);
        const writer = content.length - 20_000;
        expect(content.equals(contentOf(writer))).toBe(true);
        expect(writer % 10).toBe(key);
      }
    });

    it("is gone when it was deleted; to delete it again is no error", async () => {
      await put("deleted/a", "content");
      await put("deleted/b", "content");
      const deletion = () => peer().s3.send(new DeleteObjectCommand(at("deleted/a")));

      expect((await deletion()).$metadata.httpStatusCode).toBe(204);
      expect((await deletion()).$metadata.httpStatusCode).toBe(204);
      expect(await keys("deleted/")).toEqual(["deleted/b"]);
    });
  });

  describe("a key", () => {
    it.each(ODD_KEYS)("may be %s", async (key) => {
      await put(`odd/${key}`, `of ${key}`);

      expect((await get(`odd/${key}`)).content.toString()).toBe(`of ${key}`);
    });

    it("is listed as it was written, and is no other one", async () => {
      for (const key of ODD_KEYS) await put(`listed/${key}`, key);

      expect(new Set(await keys("listed/"))).toEqual(new Set(ODD_KEYS.map((key) => `listed/${key}`)));
    });
  });

  describe("a listing", () => {
    it("has the objects whose keys begin with the prefix, in order, with size and ETag", async () => {
      const etags = new Map<string, string | undefined>();
      for (const key of ["b/10", "b/2", "b/", "b", "bc/1", "a/b/1"])
        etags.set(`list/${key}`, (await put(`list/${key}`, key)).ETag);

      const { Contents, KeyCount, IsTruncated } = await peer().s3.send(
        new ListObjectsV2Command({ Bucket: peer().bucket, Prefix: "list/b/" }),
      );

      expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: 3, IsTruncated: false });
      expect(Contents).toMatchObject(
        ["b/", "b/10", "b/2"].map((key) => {
          return { Key: `list/${key}`, Size: key.length, ETag: etags.get(`list/${key}`) };
        }),
      );
    });

    it("is empty where no key begins so", async () => {
      const listed = await peer().s3.send(
        new ListObjectsV2Command({ Bucket: peer().bucket, Prefix: "nothing/" }),
      );

      expect(listed).toMatchObject({ KeyCount: 0, IsTruncated: false });
      expect(listed.Contents).toBeUndefined();
    });

    it("goes on where its last page ended", async () => {
      const written = Array.from({ length: 5 }, (_, index) => `paged/${index}&`);
      for (const key of written) await put(key, key);
      const page = (ContinuationToken?: string) =>
        peer().s3.send(
          new ListObjectsV2Command({
            Bucket: peer().bucket,
            Prefix: "paged/",
            MaxKeys: 2,
            ContinuationToken,
          }),
        );

      const first = await page();
      const second = await page(first.NextContinuationToken);
      const third = await page(second.NextContinuationToken);

      const pages = [first, second, third];
      expect(pages.map(({ IsTruncated }) => IsTruncated)).toEqual([true, true, false]);
      expect(pages.map(({ KeyCount }) => KeyCount)).toEqual([2, 2, 1]);
      expect(pages.flatMap(({ Contents = [] }) => Contents.map(({ Key }) => Key))).toEqual(written);
      expect(third.NextContinuationToken).toBeUndefined();
    });
  });
}
