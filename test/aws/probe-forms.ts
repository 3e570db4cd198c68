import { NotFound } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type PostPolicy, presignPost } from "../../lib/staging/index.ts";
import { sendForm } from "../support/upload.ts";
import { objectsOf } from "./objects.ts";
import type { Connected } from "./peer.ts";

/** Declares the tests of uploads by forms that have a signed policy. */
export function probeForms(peer: Connected): void {
  const { get, head } = objectsOf(peer);
  const presigned = (key: string, policy: Partial<PostPolicy> = {}) => {
    const { settings: aws, bucket } = peer();
    const now = Date.now();
    const expires = now + 60_000;
    const wanted = { key, contentType: "application/zip", maxBytes: 5, now, expires, ...policy };
    return presignPost({ aws, bucket, env: {} }, wanted);
  };
  const bytes = (length: number) => new Uint8Array(length).fill(120);

  describe("an upload by a form", () => {
    it("becomes an object, up to the most bytes", async () => {
      expect(await sendForm(presigned("forms/whole"), bytes(5))).toEqual({ status: 204, code: undefined });

      expect((await get("forms/whole")).content.toString()).toBe("xxxxx");
    });

    it.each([
      ["more bytes", 6, {}, 400, "EntityTooLarge"],
      ["fewer bytes", 0, {}, 400, "EntityTooSmall"],
      ["another key", 5, { key: "forms/other" }, 403, "AccessDenied"],
      ["another type", 5, { "Content-Type": "text/html" }, 403, "AccessDenied"],
      ["a field that nothing was said of", 5, { "x-amz-meta-tag": "x" }, 403, "AccessDenied"],
    ])("is refused with %s", async (_, length, changed, status, code) => {
      const { url, fields } = presigned("forms/refused");
      const sent = await sendForm({ url, fields: { ...fields, ...changed } }, bytes(length));

      expect(sent).toEqual({ status, code });
      await expect(head("forms/refused")).rejects.toBeInstanceOf(NotFound);
      await expect(head("forms/other")).rejects.toBeInstanceOf(NotFound);
    });

    it("is refused when its time is over", async () => {
      const late = presigned("forms/late", { expires: Date.now() - 1000 });

      expect(await sendForm(late, bytes(5))).toEqual({ status: 403, code: "AccessDenied" });
      await expect(head("forms/late")).rejects.toBeInstanceOf(NotFound);
    });
  });
}
