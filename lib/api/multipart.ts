import { ExpectedFileError, UploadedFileError } from "../errors/index.ts";

/** Most parts of a multipart body. Clients send one. */
export const MAX_PARTS = 1000;

const FIELD = "file";

interface Part {
  /** As the client sent it, often a whole path; undefined where it sent none. */
  readonly filename: string | undefined;
  readonly content: Buffer;
}

/**
 * Gives the archive in the field `file` of a multipart/form-data body (the first, where there are several).
 *
 * @throws ExpectedFileError when there is no such file, or the body is cut or no multipart body
 * @throws UploadedFileError when its filename does not end in `.zip`
 */
export async function uploadedArchive(contentType: string | undefined, body: Buffer): Promise<Buffer> {
  const part = await firstFile(contentType ?? "", body);
  if (!part)
    throw new ExpectedFileError(
      `No field "${FIELD}" in uploaded data: send the zip as the file of that field, as 'curl -F ${FIELD}=@manifests.zip' does.`,
    );
  if (!part.filename)
    throw new ExpectedFileError(
      `The field "${FIELD}" has no filename: send the zip as a file, as 'curl -F ${FIELD}=@manifests.zip' does.`,
    );
  if (!isZipName(part.filename))
    throw new UploadedFileError(
      `The uploaded file is named ${JSON.stringify(part.filename.slice(-100))}; its name must end in ".zip".`,
    );
  return part.content;
}

/** Whether the file's name ends in `.zip`; one that is only dots before that has no ending. */
function isZipName(filename: string): boolean {
  const name = filename.slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1);
  return name.toLowerCase().endsWith(".zip") && /[^.]/.test(name.slice(0, -".zip".length));
}

async function firstFile(contentType: string, body: Buffer): Promise<Part | undefined> {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType.trim())) return undefined;
  const { default: busboy } = await import("busboy");
  const { promise, resolve, reject } = Promise.withResolvers<Part | undefined>();
  let found: Part | undefined;
  const broken = (cause: unknown) => reject(unreadable(cause));
  try {
    const parser = busboy({
      headers: { "content-type": contentType },
      defParamCharset: "utf8",
      preservePath: true,
      // busboy counts the end as a part too.
      limits: { parts: MAX_PARTS + 1 },
    });
    parser.on("file", (field, stream, { filename }) => {
      const chunks: Buffer[] = [];
      const wanted = field === FIELD && found === undefined;
      stream.on("data", (chunk: Buffer) => wanted && chunks.push(chunk));
      stream.on("end", () => {
        if (wanted) found ??= { filename, content: Buffer.concat(chunks) };
      });
      stream.on("error", broken);
    });
    parser.on("partsLimit", () =>
      reject(
        new ExpectedFileError(
          `The uploaded data has more than ${MAX_PARTS} parts. Send the field "${FIELD}" only.`,
        ),
      ),
    );
    parser.on("error", broken);
    parser.on("close", () => resolve(found));
    parser.end(body);
  } catch (cause) {
    broken(cause);
  }
  return promise;
}

function unreadable(cause: unknown): ExpectedFileError {
  const why = cause instanceof Error ? cause.message : "unknown reason";
  return new ExpectedFileError(
    `The uploaded data is no complete multipart/form-data body (${why}): send the field "${FIELD}" again, whole.`,
    { cause },
  );
}
