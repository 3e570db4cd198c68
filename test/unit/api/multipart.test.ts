import { describe, expect, it } from "vitest";
import { uploadedArchive } from "../../../lib/api/index.ts";
import { MAX_PARTS } from "../../../lib/api/multipart.ts";
import { ExpectedFileError, UploadedFileError } from "../../../lib/errors/index.ts";

const TYPE = "multipart/form-data; boundary=BB";
const ZIP = Buffer.from([0x50, 0x4b, 0, 0xff, 0x0d, 0x0a, 0x2d, 0x2d]);
const part = (headers: string, content: Buffer | string = ZIP) =>
  Buffer.concat([Buffer.from(`--BB\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from("\r\n")]);
const file = (parameters: string, content: Buffer | string = ZIP) =>
  part(`Content-Disposition: form-data; ${parameters}`, content);
const body = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from("--BB--\r\n")]);
const GOOD = file('name="file"; filename="m.zip"');

async function failure(content: Buffer, type: string | undefined = TYPE): Promise<unknown> {
  return uploadedArchive(type, content).catch((error: unknown) => error);
}

describe("the archive is the file of the field 'file'", () => {
  it.each([
    [
      "as curl sends it",
      body(
        part(
          'Content-Disposition: form-data; name="file"; filename="m.zip"\r\nContent-Type: application/zip',
        ),
      ),
    ],
    ["without a Content-Type", body(GOOD)],
    ["without quotes", body(file("name=file; filename=m.zip"))],
    ["with a full path as filename", body(file('name="file"; filename="/var/tmp/x/operator_manifests.zip"'))],
    ["with a Windows path as filename", body(file('name="file"; filename="C:\\temp\\x.zip"'))],
    ["with a name in UTF-8", body(file('name="file"; filename="žluťoučký.zip"'))],
    ["with an extended name", body(file("name=\"file\"; filename*=UTF-8''m%C3%A9.zip"))],
    ["with .ZIP", body(file('name="file"; filename="M.ZIP"'))],
    ["behind a preamble", Buffer.concat([Buffer.from("preamble\r\n"), body(GOOD)])],
    ["before an epilogue", Buffer.concat([body(GOOD), Buffer.from("epilogue")])],
    ["among other fields", body(file('name="note"', "hi"), GOOD, file('name="z"; filename="z.bin"'))],
    ["beside a field 'files'", body(file('name="files"', "hi"), GOOD)],
    ["beside a field '__proto__'", body(file('name="__proto__"', "hi"), GOOD)],
    ["beside a plain field 'file'", body(file('name="file"', "hi"), GOOD)],
    ["before another one", body(GOOD, file('name="file"; filename="b.zip"', "second"))],
  ])("%s", async (_, content) => {
    expect(await uploadedArchive(TYPE, content)).toEqual(ZIP);
  });

  it.each(['multipart/form-data; boundary="BB"', "Multipart/Form-Data; charset=utf-8; boundary=BB"])(
    "of a body of the type %s",
    async (type) => {
      expect(await uploadedArchive(type, body(GOOD))).toEqual(ZIP);
    },
  );

  it("also where it is empty", async () => {
    expect(await uploadedArchive(TYPE, body(file('name="file"; filename="m.zip"', "")))).toEqual(
      Buffer.alloc(0),
    );
  });
});

describe("OMPSExpectedFileError", () => {
  it.each<[string, Buffer, string?]>([
    ["no body", Buffer.alloc(0)],
    ["no part", body()],
    ["another field", body(file('name="data"; filename="m.zip"'))],
    ["the field in capitals", body(file('name="File"; filename="m.zip"'))],
    ["a plain field 'file'", body(file('name="file"', "hello"))],
    [
      "an empty filename",
      body(
        part(
          'Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: application/octet-stream',
          "",
        ),
      ),
    ],
    ["another type", body(GOOD), "application/zip"],
    ["a form that is not multipart", Buffer.from("file=abc"), "application/x-www-form-urlencoded"],
    ["no boundary", body(GOOD), "multipart/form-data"],
    ["another boundary", body(GOOD), "multipart/form-data; boundary=other"],
    ["no end", GOOD],
    ["an end inside the file", body(GOOD).subarray(0, -12)],
    [
      "an end inside a part's headers",
      Buffer.from('--BB\r\nContent-Disposition: form-data; name="file"; filename="m.zip"\r\n--BB--\r\n'),
    ],
    [
      "headers without an end",
      body(
        part(
          `Content-Disposition: form-data; name="file"; filename="m.zip"\r\nX-Pad: ${"p".repeat(100_000)}`,
        ),
      ),
    ],
  ])("is the answer to %s", async (_, content, type = TYPE) => {
    expect(await failure(content, type)).toBeInstanceOf(ExpectedFileError);
  });

  it("is the answer to no Content-Type", async () => {
    await expect(uploadedArchive(undefined, body(GOOD))).rejects.toThrow(ExpectedFileError);
  });

  it(`is the answer to more than ${MAX_PARTS} parts`, async () => {
    const fields = Array.from({ length: MAX_PARTS - 1 }, (_, index) => file(`name="f${index}"`, "x"));

    expect(await failure(body(...fields, GOOD))).toEqual(ZIP);
    expect(await failure(body(...fields, file('name="more"', "x"), GOOD))).toBeInstanceOf(ExpectedFileError);
  });
});

describe("OMPSUploadedFileError", () => {
  it.each([
    "m.tar.gz",
    "manifests",
    "m.zip.txt",
    ".zip",
    ".",
    "m.zip.",
    "m.zip ",
    "m.zipx",
    "zip",
    "/tmp/.zip",
  ])("is the answer to the filename %j", async (filename) => {
    expect(await failure(body(file(`name="file"; filename="${filename}"`)))).toBeInstanceOf(
      UploadedFileError,
    );
  });
});
