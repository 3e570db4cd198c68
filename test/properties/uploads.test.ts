import fc from "fast-check";
import { expect, it } from "vitest";
import { uploadedArchive } from "../../lib/api/index.ts";
import { unpack } from "../../lib/archive/index.ts";
import { OmpsError } from "../../lib/errors/index.ts";
import { zipOf } from "../support/zip.ts";
import { PATIENCE, RUNS } from "./runs.ts";

const LIMIT = 10_000;

/** Gives the work's result, or the error of the contract that it ended in; anything else fails the test. */
async function outcome<T>(work: Promise<T>): Promise<T | OmpsError> {
  return work.catch((error: unknown) => {
    if (error instanceof OmpsError && error.status === 400) return error;
    throw error;
  });
}

const names = fc.oneof(
  fc.string({ maxLength: 12, unit: "binary" }),
  fc.constantFrom("a", "a/b", "A", "../x", "/x", "a/", "./a", "é", "e\u0301"),
);

it(
  "any archive is unpacked within its limit, or refused",
  async () => {
    const entry = fc.record(
      {
        name: names,
        content: fc.uint8Array({ maxLength: 50 }),
        stored: fc.boolean(),
        size: fc.nat(100),
        crc: fc.nat(),
        mode: fc.constantFrom(0o100644, 0o120777, 0o040755),
        flags: fc.constantFrom(0, 1, 0x0800),
      },
      { requiredKeys: ["name"] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 4 }), async (entries) => {
        const files = await outcome(unpack(zipOf(entries), LIMIT));
        if (files instanceof OmpsError) return;
        for (const path of files.keys()) expect(path).toMatch(/^(?!\/|.*(^|\/)\.\.?(\/|$))[^\\\0]+$/s);
        expect([...files.values()].reduce((sum, content) => sum + content.length, 0)).toBeLessThanOrEqual(
          LIMIT,
        );
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE,
);

it(
  "an archive with any bytes changed gives the same files, or is refused",
  async () => {
    const zip = zipOf({ "a.yaml": "a: 1\n".repeat(20), "b/c.yaml": "c: 1\n" });
    const whole = await unpack(zip, LIMIT);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(zip.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        async (at, bytes) => {
          const changed = Buffer.from(zip);
          changed.set(bytes.subarray(0, zip.length - at), at);
          const files = await outcome(unpack(changed, LIMIT));
          if (files instanceof OmpsError) return;
          expect([...files.values()].map(String).toSorted()).toEqual(
            [...whole.values()].map(String).toSorted(),
          );
        },
      ),
      { numRuns: RUNS },
    );
  },
  PATIENCE,
);

it(
  "any bytes as a multipart body give the file, or are refused",
  async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "--B",
        "--",
        "\r\n",
        "\n",
        'Content-Disposition: form-data; name="file"',
        '; filename="a.zip"',
        "\r\n\r\n",
        "--B--\r\n",
        "files",
        "__proto__",
      ),
      fc.string({ maxLength: 6, unit: "binary" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const content = await outcome(
          uploadedArchive("multipart/form-data; boundary=B", Buffer.from(pieces.join(""))),
        );
        expect(content instanceof Buffer || content instanceof OmpsError).toBe(true);
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE,
);
