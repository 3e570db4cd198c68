import { createHmac } from "node:crypto";
import * as z from "zod/mini";
import { CREDENTIALS, REGION } from "./account.ts";
import { failure, type S3Answer } from "./s3-answer.ts";
import type { UploadForm } from "./s3-form.ts";

const policySchema = z.object({
  expiration: z.iso.datetime(),
  conditions: z.array(
    z.union([
      z.tuple([z.literal("content-length-range"), z.number(), z.number()]),
      z.tuple([z.literal("eq"), z.templateLiteral(["$", z.string()]), z.string()]),
      z.record(z.string(), z.string()),
    ]),
  ),
});

type Condition = z.output<typeof policySchema>["conditions"][number];

/** Fields that no condition need be about. */
const FREE = new Set(["policy", "x-amz-signature"]);

const SCOPE = new RegExp(`^${CREDENTIALS.accessKeyId}/(\\d{8})/${REGION}/s3/aws4_request$`);

/**
 * Gives the answer to an upload by a form that its policy does not allow; undefined where it may be written. Of the
 * conditions it knows those that are exact, and the range of the length.
 *
 * @param bucket that the form is sent to
 * @param now in milliseconds since 1970
 */
export function formRefusal(form: UploadForm, bucket: string, now: number): S3Answer | undefined {
  const { fields, file } = form;
  const encoded = fields.get("policy");
  if (!file || !fields.get("key")) return failure(400, "InvalidArgument");
  if (encoded === undefined) return failure(403, "AccessDenied");
  if (!isSigned(fields, encoded)) return failure(403, "SignatureDoesNotMatch");
  const policy = policySchema.safeParse(parseJson(Buffer.from(encoded, "base64").toString())).data;
  if (!policy) return failure(400, "InvalidPolicyDocument");
  if (now >= Date.parse(policy.expiration)) return failure(403, "AccessDenied");
  const values = new Map([...fields, ["bucket", bucket]]);
  const covered = new Set<string>(FREE);
  for (const condition of policy.conditions) {
    const refused = rangeRefusal(condition, file.length) ?? valueRefusal(condition, values, covered);
    if (refused) return refused;
  }
  return [...values.keys()].every((name) => covered.has(name)) ? undefined : failure(403, "AccessDenied");
}

function rangeRefusal(condition: Condition, bytes: number): S3Answer | undefined {
  if (!Array.isArray(condition) || condition[0] !== "content-length-range") return undefined;
  const [, least, most] = condition;
  if (bytes < least) return failure(400, "EntityTooSmall");
  return bytes > most ? failure(400, "EntityTooLarge") : undefined;
}

/** @param covered gets the names that the condition is about */
function valueRefusal(
  condition: Condition,
  values: ReadonlyMap<string, string>,
  covered: Set<string>,
): S3Answer | undefined {
  if (Array.isArray(condition) && condition[0] === "content-length-range") return undefined;
  const wanted = Array.isArray(condition)
    ? [[condition[1].slice(1), condition[2]] as const]
    : Object.entries(condition);
  for (const [name, value] of wanted) {
    covered.add(name.toLowerCase());
    if (values.get(name.toLowerCase()) !== value) return failure(403, "AccessDenied");
  }
  return undefined;
}

function isSigned(fields: UploadForm["fields"], policy: string): boolean {
  const credential = fields.get("x-amz-credential") ?? "";
  const day = SCOPE.exec(credential)?.[1];
  if (day === undefined || !fields.get("x-amz-date")?.startsWith(day)) return false;
  const parts = credential.split("/").slice(1);
  const key = parts.reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  return hmac(key, policy).toString("hex") === fields.get("x-amz-signature");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
