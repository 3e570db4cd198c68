import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";
import { presignPost } from "../../../lib/staging/index.ts";
import { sendForm } from "../../support/upload.ts";

let aws: AwsStandIn;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const presigned = () => {
  const now = Date.now();
  const place = { bucket: "staging", aws: aws.settings, env: {} };
  return presignPost(place, {
    key: "a",
    contentType: "application/zip",
    maxBytes: 5,
    now,
    expires: now + 60_000,
  });
};
const content = new Uint8Array(5);

/** What S3 does, and ministack only where it is told to check who asks. */
describe("the stand-in for S3 refuses a form", () => {
  it("whose policy was changed after it was signed", async () => {
    const { url, fields } = presigned();
    const policy = Buffer.from(fields["Policy"] ?? "", "base64").toString();
    const Policy = Buffer.from(policy.replace("1,5]", "1,5000]")).toString("base64");

    expect(await sendForm({ url, fields: { ...fields, Policy } }, content)).toEqual({
      status: 403,
      code: "SignatureDoesNotMatch",
    });
  });

  it.each(["X-Amz-Signature", "X-Amz-Credential"])("with another %s", async (name) => {
    const { url, fields } = presigned();
    const sent = await sendForm({ url, fields: { ...fields, [name]: "other" } }, content);

    expect(sent).toEqual({ status: 403, code: "SignatureDoesNotMatch" });
  });

  it("without a policy", async () => {
    const { url } = presigned();

    expect(await sendForm({ url, fields: { key: "a" } }, content)).toEqual({
      status: 403,
      code: "AccessDenied",
    });
    expect(aws.s3.objects.size).toBe(0);
  });
});
