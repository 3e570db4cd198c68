/** A form by which one object is uploaded. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Sends a form with a file to S3, as a browser or curl does; gives S3's status, and the code of its error. */
export async function sendForm(
  { url, fields }: UploadForm,
  content: Uint8Array<ArrayBuffer>,
): Promise<{ status: number; code: string | undefined }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", new Blob([content]), "manifests.zip");
  const answer = await fetch(url, { method: "POST", body: form });
  const [, code] = /<Code>(\w+)<\/Code>/.exec(await answer.text()) ?? [];
  return { status: answer.status, code };
}
