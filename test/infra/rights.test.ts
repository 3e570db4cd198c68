import { afterAll, describe, expect, it } from "vitest";
import { Rendered } from "./rendered.ts";
import { arn, newStack, removeFolder } from "./stacks.ts";

afterAll(removeFolder);

const omps = new Rendered(newStack());

describe("the rights of each function", () => {
  const functions = omps.functions();
  const writeOwnLog = (name: string) => ({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: { "Fn::GetAtt": [expect.stringMatching(new RegExp(`^Api${name}Log`)), "Arn"] },
  });
  const readSecrets = (prefix: string) => ({
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: arn("secretsmanager", `:secret:${prefix}*`),
  });

  const bucket = { "Fn::GetAtt": [expect.stringMatching(/^StagingBucket/), "Arn"] };
  const objects = (prefix: string) => ({ "Fn::Join": ["", [bucket, `/${prefix}`]] });
  const tellMissing = (prefix: string) => ({
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: bucket,
    Condition: { StringLike: { "s3:prefix": prefix } },
  });
  const keepRecords = (...prefixes: string[]) => [
    {
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: prefixes.map(objects),
    },
    tellMissing("pushes/*"),
    tellMissing("answers/*"),
  ];
  const beginOperations = [
    tellMissing("operations/*"),
    {
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: { "Fn::GetAtt": [expect.stringMatching(/^EventsPushes[0-9A-F]{8}$/), "Arn"] },
    },
    {
      Effect: "Allow",
      Action: "kms:Encrypt",
      Resource: { "Fn::GetAtt": [expect.stringMatching(/^TokenKey/), "Arn"] },
      Condition: { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "operation" } },
    },
  ];

  it("push-zipfile: its log, the organizations' secrets, locks, answers, uploads, and to begin operations", () => {
    expect(functions["push-zipfile.handler"]?.statements).toEqual([
      writeOwnLog("pushzipfile"),
      readSecrets("omps/"),
      ...keepRecords("answers/*", "operations/*", "pushes/*"),
      { Effect: "Allow", Action: "s3:GetObject", Resource: objects("uploads/*") },
      tellMissing("uploads/*"),
      ...beginOperations,
    ]);
  });

  it("uploads: its log, and to write what its forms let others upload", () => {
    expect(functions["uploads.handler"]?.statements).toEqual([
      writeOwnLog("uploads"),
      { Effect: "Allow", Action: "s3:PutObject", Resource: objects("uploads/*") },
    ]);
  });

  it("operations: its log, and to tell and end operations", () => {
    expect(functions["operations.handler"]?.statements).toEqual([
      writeOwnLog("operations"),
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: objects("operations/*"),
      },
      tellMissing("operations/*"),
    ]);
  });

  it("push-koji: its log, the organizations' secrets, archives of builds, locks, answers, and to begin operations", () => {
    expect(functions["push-koji.handler"]?.statements).toEqual([
      writeOwnLog("pushkoji"),
      readSecrets("omps/"),
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: objects("koji/*"),
      },
      tellMissing("koji/*"),
      ...keepRecords("answers/*", "operations/*", "pushes/*"),
      ...beginOperations,
    ]);
  });

  it("delete-releases: its log, locks and answers", () => {
    expect(functions["delete-releases.handler"]?.statements).toEqual([
      writeOwnLog("deletereleases"),
      ...keepRecords("answers/*", "pushes/*"),
    ]);
  });

  it("releases: its log", () => {
    expect(functions["releases.handler"]?.statements).toEqual([writeOwnLog("releases")]);
  });

  it("validate-koji: its log and archives of builds", () => {
    expect(functions["validate-koji.handler"]?.statements).toEqual([
      writeOwnLog("validatekoji"),
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: objects("koji/*"),
      },
      tellMissing("koji/*"),
    ]);
  });

  it("validate: its log and uploads", () => {
    expect(functions["validate.handler"]?.statements).toEqual([
      writeOwnLog("validate"),
      { Effect: "Allow", Action: "s3:GetObject", Resource: objects("uploads/*") },
      tellMissing("uploads/*"),
    ]);
  });

  it("health: its log", () => {
    expect(functions["health.handler"]?.statements).toEqual([writeOwnLog("health")]);
  });

  it("about: its log", () => {
    expect(functions["about.handler"]?.statements).toEqual([writeOwnLog("about")]);
  });

  it("docs: its log", () => {
    expect(functions["docs.handler"]?.statements).toEqual([writeOwnLog("docs")]);
  });

  it("page: its log", () => {
    expect(functions["page.handler"]?.statements).toEqual([writeOwnLog("page")]);
  });

  it("not-found: its log", () => {
    expect(functions["not-found.handler"]?.statements).toEqual([writeOwnLog("notfound")]);
  });

  it.each(Object.entries(functions))(
    "come from no managed policy, and are Lambda's alone: %s",
    (_, { role }) => {
      expect(role).toEqual({
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
          ],
        },
      });
    },
  );

  it("follow the prefix of the secrets, which the function is told", () => {
    const { "push-zipfile.handler": push } = new Rendered(
      newStack({ secretPrefix: "staging/omps/" }),
    ).functions();

    expect(push?.statements).toContainEqual(readSecrets("staging/omps/"));
    expect(push?.properties.Environment.Variables).toMatchObject({ OMPS_SECRET_PREFIX: "staging/omps/" });
  });

  it.each(["", "*", "omps/?", "omps:"])(
    "are not given for the prefix %j, which would open other secrets",
    (secretPrefix) => {
      expect(() => newStack({ secretPrefix })).toThrow(/The secret prefix must have letters, digits and/);
    },
  );
});
