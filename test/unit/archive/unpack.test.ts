import JSZip from "jszip";
import { describe, expect, it } from "vitest";
import {
  MAX_DIRECTORIES,
  MAX_ENTRIES,
  MAX_NAME_BYTES,
  MAX_PATH_BYTES,
  unpack,
} from "../../../lib/archive/index.ts";
import { UploadedFileError } from "../../../lib/errors/index.ts";
import { type ZipEntry, zipOf } from "../../support/zip.ts";

const LIMIT = 1_000_000;

async function texts(zip: Buffer, limit = LIMIT): Promise<Record<string, string>> {
  const files = await unpack(zip, limit);
  return Object.fromEntries([...files].map(([path, content]) => [path, Buffer.from(content).toString()]));
}

async function refusal(zip: Buffer, limit = LIMIT): Promise<string> {
  const error = await unpack(zip, limit).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UploadedFileError);
  return error instanceof Error ? error.message : "";
}

const good: ZipEntry[] = [
  { name: "b.yaml", content: "b: 1\n" },
  { name: "a/c.yaml", content: "c: 1\n" },
];

describe("a sound archive", () => {
  it("gives its files in the order of their paths' bytes, without directories", async () => {
    const zip = zipOf([
      { name: "z.txt" },
      { name: "a/", mode: 0o040755 },
      ...good,
      { name: "a\u{1F600}", content: "x" },
      { name: "a\uFF5E" },
    ]);

    expect(Object.keys(await texts(zip))).toEqual(["a/c.yaml", "a\uFF5E", "a\u{1F600}", "b.yaml", "z.txt"]);
  });

  it.each(["DEFLATE", "STORE"] as const)(
    "may come from any tool, compressed by %s, with streamed sizes",
    async (compression) => {
      const made = new JSZip().file("x/y.txt", "hello").file("empty.txt", "");
      const zip = await made.generateAsync({
        type: "nodebuffer",
        compression,
        streamFiles: true,
        platform: "UNIX",
        comment: "made by a test",
      });

      expect(await texts(zip)).toEqual({ "x/y.txt": "hello", "empty.txt": "" });
    },
  );

  it("may have other bytes behind it", async () => {
    expect(Object.keys(await texts(Buffer.concat([zipOf(good), Buffer.alloc(300)])))).toEqual([
      "a/c.yaml",
      "b.yaml",
    ]);
  });

  it("may have no file at all", async () => {
    expect(await texts(zipOf([]))).toEqual({});
  });

  it("may have names that begin with './', with a dot, or have blanks and quotes", async () => {
    const zip = zipOf({ "./a.yaml": "a", ".hidden/x": "b", "a b \"c'.txt": "c" });

    expect(await texts(zip)).toEqual({ "a.yaml": "a", ".hidden/x": "b", "a b \"c'.txt": "c" });
  });
});

describe("what macOS adds to an archive", () => {
  const appleDouble = Buffer.from("\0\x05\x16\x07\0\x02\0\0Mac OS X");

  it("is left out", async () => {
    const zip = zipOf({
      "__MACOSX/._a.yaml": appleDouble,
      "__MACOSX/a/._b.yaml": "anything",
      ".DS_Store": "Bud1",
      "docs/.DS_Store": "Bud1",
      "._a.yaml": appleDouble,
      "a.yaml": "a",
    });

    expect(await texts(zip)).toEqual({ "a.yaml": "a" });
  });

  it("is told by its content where the name alone does not", async () => {
    const zip = zipOf({ "._a.yaml": "a: 1", "docs/__MACOSX/x": "x", __MACOSX: "x", "x.DS_Store": "x" });

    expect(Object.keys(await texts(zip))).toEqual(["._a.yaml", "__MACOSX", "docs/__MACOSX/x", "x.DS_Store"]);
  });
});

describe("what is no sound zip", () => {
  const zip = zipOf(good);
  it.each([
    ["other content", Buffer.from("this is not a zip\n".repeat(10))],
    ["nothing", Buffer.alloc(0)],
    ["a cut end", zip.subarray(0, -1)],
    ["a cut start", zip.subarray(20)],
    ["bytes before it", Buffer.concat([Buffer.from("#!/bin/sh\n"), zip])],
  ])("is refused: %s", async (_, bytes) => {
    expect(await refusal(bytes)).toMatch(/zip/);
  });

  it("is refused where one of several disks is sent", async () => {
    const part = Buffer.from(zip);
    part.writeUInt16LE(1, part.length - 18);

    expect(await refusal(part)).toContain("one part of several");
  });

  it("is refused where the directory points past its end", async () => {
    const part = Buffer.from(zip);
    part.writeUInt32LE(part.readUInt32LE(part.length - 6) + 7, part.length - 6);

    expect(await refusal(part)).toContain("directory is not where it should be");
  });

  it.each<[string, Partial<ZipEntry>, string]>([
    ["encrypted", { flags: 1 }, "encrypted"],
    ["strongly encrypted", { flags: 0x41 }, "encrypted"],
    ["compressed by bzip2", { method: 12 }, "compression method 12"],
    ["a symbolic link", { mode: 0o120777 }, "link or a device"],
    ["a pipe", { mode: 0o010644 }, "link or a device"],
    ["of another checksum", { crc: 1 }, "checksum"],
    ["longer than declared", { size: 2 }, "more bytes than the 2 that it declares"],
    ["shorter than declared", { size: 2000 }, "not of the declared size"],
    ["broken inside", { compressedSize: 3 }, "damaged"],
    ["longer in the archive than the archive", { compressedSize: 4000 }, "overlaps"],
    ["named differently in front of its data", { localName: "x.yaml" }, "another name"],
  ])("is refused with an entry that is %s", async (_, lie, reason) => {
    expect(
      await refusal(zipOf([{ name: "a.yaml", content: "a: 1\n".repeat(50), ...lie }, ...good])),
    ).toContain(reason);
  });

  it("is refused when entries share one another's data", async () => {
    const shared = zipOf([
      { name: "aa", localName: "aa", content: "x" },
      { name: "aa", sharesDataOf: 0 },
    ]);

    expect(await refusal(shared)).toContain("overlaps");
  });
});

describe("names", () => {
  it.each([
    ["../x", "'..'"],
    ["a/../../x", "'..'"],
    ["..", "'..'"],
    ["/etc/passwd", "absolute"],
    ["//a//b", "absolute"],
    ["C:/x", "absolute"],
    ["a\\b", "backslash"],
    ["a//b", "empty name"],
    ["", "empty name"],
    [".", "without a name"],
    ["a\0b", "control character"],
    ["a\nb", "control character"],
    ["a\u0085b", "control character"],
  ])("refuses %j", async (name, reason) => {
    expect(await refusal(zipOf([{ name, content: "x" }, ...good]))).toContain(reason);
  });

  it("refuses a name that is not UTF-8", async () => {
    expect(await refusal(zipOf([{ name: Buffer.from([0x61, 0xff, 0xfe]) }]))).toContain("not UTF-8");
  });

  it.each([
    [["a.yaml", "a.yaml"], "twice"],
    [["a.yaml", "./a.yaml"], "twice"],
    [["a.yaml", "A.YAML"], 'also as "a.yaml"'],
    [["é", "e\u0301"], "twice"],
    [["a", "a/b"], "as a file and as a directory"],
    [["a/b", "A"], "as a file and as a directory"],
  ])("refuses %j together", async (names, reason) => {
    expect(await refusal(zipOf(names.map((name) => ({ name, content: "x" }))))).toContain(reason);
  });

  it("takes and gives back a name that no JavaScript object would", async () => {
    expect([
      ...(await unpack(zipOf([{ name: "__proto__", content: "x" }, { name: "constructor" }]), LIMIT)).keys(),
    ]).toEqual(["__proto__", "constructor"]);
  });
});

describe("limits", () => {
  it(`takes ${MAX_ENTRIES} entries and refuses one more`, async () => {
    const many = Array.from({ length: MAX_ENTRIES }, (_, index) => ({ name: `f${index}`, stored: true }));

    expect((await unpack(zipOf(many), LIMIT)).size).toBe(MAX_ENTRIES);
    expect(await refusal(zipOf([...many, { name: "more" }]))).toContain(`at most ${MAX_ENTRIES}`);
  });

  it("takes the limit of unpacked bytes over all files and refuses one more", async () => {
    const zip = (more: number) => zipOf({ a: "x".repeat(600), b: "y".repeat(400 + more) });

    expect(Object.keys(await texts(zip(0), 1000))).toEqual(["a", "b"]);
    expect(await refusal(zip(1), 1000)).toContain("more than 1000 bytes");
  });

  it("counts bytes itself where the archive says that there are few", async () => {
    const bomb = zipOf([{ name: "bomb", content: Buffer.alloc(50_000_000), size: 10 }]);

    expect(await refusal(bomb)).toContain("more bytes than the 10 that it declares");
  });

  it("takes names and paths up to their limits", async () => {
    const path = `${"d".repeat(200)}/`.repeat(20) + "f".repeat(MAX_PATH_BYTES - 20 * 201);

    expect(Object.keys(await texts(zipOf({ [path]: "", ["n".repeat(MAX_NAME_BYTES)]: "" })))).toHaveLength(2);
    expect(await refusal(zipOf({ [`${path}f`]: "" }))).toContain(`over ${MAX_PATH_BYTES} bytes`);
    expect(await refusal(zipOf({ ["n".repeat(MAX_NAME_BYTES + 1)]: "" }))).toContain(
      `over ${MAX_NAME_BYTES} bytes`,
    );
  });

  it("takes as many directories around a file as the limit", async () => {
    const path = (directories: number) => `${"d/".repeat(directories)}f`;

    expect(Object.keys(await texts(zipOf({ [path(MAX_DIRECTORIES)]: "" })))).toHaveLength(1);
    expect(await refusal(zipOf({ [path(MAX_DIRECTORIES + 1)]: "" }))).toContain(
      `inside more than ${MAX_DIRECTORIES} directories`,
    );
  });

  it("shows the start of a long name, with its control characters escaped", async () => {
    const message = await refusal(zipOf({ [`\n${"n".repeat(60_000)}`]: "" }));

    expect(message).toContain('"\\nnnn');
    expect(message.length).toBeLessThan(600);
  });
});
