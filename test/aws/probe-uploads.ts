import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  NotFound,
  UploadPartCommand,
  type UploadPartCommandInput,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { objectsOf } from "./objects.ts";
import type { Connected } from "./peer.ts";

/** The least that S3 takes for a part that is not the last one. */
const PART = Buffer.alloc(5 * 1024 * 1024, "part 1;");
const LAST = Buffer.from("the last part");
const ChecksumAlgorithm = "CRC32";

/** Declares the tests of uploads in parts, each with its CRC-32. */
export function probeUploads(peer: Connected): void {
  const { at, head, get, put } = objectsOf(peer);

  const begin = async (key: string, Metadata: Record<string, string> = {}) => {
    const begun = new CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm, Metadata });
    const { UploadId } = await peer().s3.send(begun);
    const upload = { ...at(key), UploadId };
    return {
      async part(PartNumber: number, Body: Buffer, options: Partial<UploadPartCommandInput> = {}) {
        const sent = new UploadPartCommand({ ...upload, PartNumber, ChecksumAlgorithm, Body, ...options });
        const { ETag, ChecksumCRC32 } = await peer().s3.send(sent);
        return { PartNumber, ETag, ChecksumCRC32 };
      },
      complete: (...Parts: CompletedPart[]) =>
        peer().s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })),
      abort: () => peer().s3.send(new AbortMultipartUploadCommand(upload)),
    };
  };

  describe("an upload in parts", () => {
    it("becomes an object when it is completed, with the metadata that it began with", async () => {
      const upload = await begin("parts/whole", { tag: "md5:4567" });
      const parts = [await upload.part(1, PART), await upload.part(2, LAST)];
      await expect(head("parts/whole")).rejects.toBeInstanceOf(NotFound);

      const { ETag } = await upload.complete(...parts);

      const { content, metadata, etag } = await get("parts/whole");
      expect(content.equals(Buffer.concat([PART, LAST]))).toBe(true);
      expect({ metadata, etag }).toEqual({ metadata: { tag: "md5:4567" }, etag: ETag });
      expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    });

    it("takes its parts by their numbers, in whatever order they come, and the later of two", async () => {
      const upload = await begin("parts/order");
      const last = await upload.part(2, LAST);
      await upload.part(1, Buffer.alloc(PART.length, "replaced"));
      await upload.complete(await upload.part(1, PART), last);

      expect((await get("parts/order")).content.equals(Buffer.concat([PART, LAST]))).toBe(true);
    });

    it("gives the checksum of each part", async () => {
      const upload = await begin("parts/checksum");

      // Of "the last part", by Python's zlib.crc32.
      expect((await upload.part(1, LAST)).ChecksumCRC32).toBe("dxak5g==");
    });

    it("leaves nothing when it is aborted", async () => {
      const upload = await begin("parts/aborted");
      const part = await upload.part(1, PART);
      await upload.abort();

      await expect(head("parts/aborted")).rejects.toBeInstanceOf(NotFound);
      await expect(upload.part(2, LAST)).rejects.toMatchObject({ name: "NoSuchUpload" });
      await expect(upload.complete(part)).rejects.toMatchObject({ name: "NoSuchUpload" });
    });

    it("refuses a part whose checksum differs", async () => {
      const upload = await begin("parts/damaged");
      const damaged = upload.part(1, LAST, { ChecksumCRC32: "AAAAAA==" });

      await expect(damaged).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    });

    it("is not completed with parts that it does not have", async () => {
      const upload = await begin("parts/missing");
      const part = await upload.part(1, LAST);

      await expect(upload.complete({ ...part, PartNumber: 2 })).rejects.toMatchObject({
        name: "InvalidPart",
      });
      await expect(upload.complete({ ...part, ETag: `"${"0".repeat(32)}"` })).rejects.toMatchObject({
        name: "InvalidPart",
      });
      await expect(head("parts/missing")).rejects.toBeInstanceOf(NotFound);
    });

    it("leaves the object of its key as it is until it is completed", async () => {
      await put("parts/replaced", "the old one");
      const upload = await begin("parts/replaced");
      const part = await upload.part(1, LAST);

      expect((await get("parts/replaced")).content.toString()).toBe("the old one");
      await upload.complete(part);
      expect((await get("parts/replaced")).content).toEqual(LAST);
    });
  });
}
