import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { describe, expect, it } from "vitest";
import { packRelease } from "../../../lib/operator/index.ts";
import { filesOf } from "./package-builder.ts";

interface Entry {
  readonly header: Header;
  readonly text: string;
}

async function entriesOf(archive: Buffer): Promise<Entry[]> {
  const extraction = extract();
  extraction.end(gunzipSync(archive));
  const entries: Entry[] = [];
  for await (const entry of extraction) entries.push({ header: entry.header, text: await text(entry) });
  return entries;
}

describe("packRelease", () => {
  it("packs the files and the directories above them, sorted, under the top directory", async () => {
    const { archive } = await packRelease(
      filesOf({ "b/c/d.txt": "deep", "a.txt": "A", "b-.txt": "" }),
      "foo",
    );
    const entries = await entriesOf(archive);

    expect(entries.map(({ header, text }) => [header.name, header.type, text])).toEqual([
      ["foo/", "directory", ""],
      ["foo/a.txt", "file", "A"],
      ["foo/b-.txt", "file", ""],
      ["foo/b/", "directory", ""],
      ["foo/b/c/", "directory", ""],
      ["foo/b/c/d.txt", "file", "deep"],
    ]);
  });

  it("keeps long names and names that are not ASCII", async () => {
    const names = [
      `${"d".repeat(80)}/${"f".repeat(200)}.yaml`,
      "žluťoučký kůň 🐎.yaml",
      `${"x".repeat(96)}`,
      "x".repeat(97),
    ];
    const { archive } = await packRelease(
      filesOf(Object.fromEntries(names.map((name) => [name, name]))),
      "foo",
    );
    const files = (await entriesOf(archive)).filter(({ header }) => header.type === "file");

    expect(files.map(({ header }) => header.name).toSorted()).toEqual(
      names.map((name) => `foo/${name}`).toSorted(),
    );
    for (const { header, text } of files) expect(`foo/${text}`).toBe(header.name);
  });

  it("writes the length of a long name's record right where it gets one more digit", async () => {
    const names = Array.from({ length: 12 }, (_, index) => "n".repeat(976 + index));
    const { archive } = await packRelease(
      filesOf(Object.fromEntries(names.map((name) => [name, ""]))),
      "foo",
    );

    expect((await entriesOf(archive)).slice(1).map(({ header }) => header.name)).toEqual(
      names.map((name) => `foo/${name}`),
    );
  });

  it("names no time, user or umask", async () => {
    const { archive } = await packRelease(filesOf({ "a/b": "x" }), "foo");

    for (const { header } of await entriesOf(archive)) {
      expect(header).toMatchObject({ uid: 0, gid: 0, mode: header.type === "file" ? 0o644 : 0o755 });
      expect(header.mtime?.getTime()).toBe(0);
    }
  });

  it("gives one digest to one content, in whatever order the files come", async () => {
    const one = await packRelease(filesOf({ a: "1", b: "2" }), "foo");
    const other = await packRelease(filesOf({ b: "2", a: "1" }), "foo");

    expect(other).toEqual(one);
    expect(one.digest).toBe(createHash("sha256").update(gunzipSync(one.archive)).digest("hex"));
    expect((await packRelease(filesOf({ a: "1", b: "3" }), "foo")).digest).not.toBe(one.digest);
  });
});
