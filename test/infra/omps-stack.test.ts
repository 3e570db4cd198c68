import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Duration } from "aws-cdk-lib";
import { Match } from "aws-cdk-lib/assertions";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../lib/api/index.ts";
import { Rendered } from "./rendered.ts";
import { built, folder, newApp, newStack, removeFolder } from "./stacks.ts";

afterAll(removeFolder);

const omps = new Rendered(newStack());

/** What build-events.test.ts is about. */
const CALLED_BY_QUEUES = ["on-build-notification", "push-worker"];

describe("the routes", () => {
  const deployed = ROUTES.flatMap(({ methods, path, serves }) =>
    methods.map((method) => [`${method} ${path}`, `${serves}.handler`]),
  );

  it("are those of the table, each to its function, and all else to the not-found function", () => {
    expect(omps.routes()).toEqual({ ...Object.fromEntries(deployed), $default: "not-found.handler" });
  });

  it("ask for no authorization of API Gateway's: the caller's Quay token decides", () => {
    omps.template.allResourcesProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "NONE" });
    omps.template.resourceCountIs("AWS::ApiGatewayV2::Authorizer", 0);
  });

  it("hand over events of the payload format 2.0", () => {
    omps.template.allResourcesProperties("AWS::ApiGatewayV2::Integration", { PayloadFormatVersion: "2.0" });
  });

  it("let 50 requests a second through, and 100 at once", () => {
    omps.template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      RouteSettings: {
        "POST /v2/{organization}/validate": { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
        "POST /v2/{organization}/uploads": { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
      },
    });
  });

  it("let through what the stack's owner says", () => {
    const { template } = new Rendered(newStack({ throttle: { rateLimit: 5, burstLimit: 7 } }));

    template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 },
    });
  });
});

describe("the access log", () => {
  it("is JSON with what API Gateway says of a request", () => {
    expect(omps.accessLog()).toMatchObject({
      request_id: "$context.requestId",
      route: "$context.routeKey",
      status: "$context.status",
      latency_ms: "$context.responseLatency",
    });
  });

  it("has no header, no token, and nothing else that the caller writes", () => {
    const fields = Object.values(omps.accessLog());

    for (const field of fields) expect(field).toMatch(/^(\$context\.[A-Za-z.]+|Omps)$/);
    expect(fields.join()).not.toMatch(/authoriz|header|path|query|userAgent/i);
  });

  it("is kept for three months", () => {
    omps.template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 90 });
  });
});

describe("each function", () => {
  const functions = omps.functions();

  it("is one of those that the routes name, the not-found function, or called by a queue", () => {
    const names = new Set([...ROUTES.map(({ serves }) => serves), "not-found", ...CALLED_BY_QUEUES]);

    expect(Object.keys(functions).toSorted()).toEqual([...names].map((name) => `${name}.handler`).toSorted());
  });

  it.each(Object.entries(functions))(
    "runs on Node 24 and arm64, as long as API Gateway waits, or twice as long for a queue: %s",
    (handler, { properties }) => {
      expect(properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Timeout: CALLED_BY_QUEUES.includes(handler.replace(/\.handler$/, "")) ? 60 : 30,
        MemorySize: 1024,
      });
    },
  );

  it.each(Object.entries(functions))(
    "finds its configuration, and knows whose metrics it puts: %s",
    (_, { properties }) => {
      expect(properties.Environment.Variables).toMatchObject({
        OMPS_CONFIG: "/var/task/config.json",
        OMPS_DEPLOYMENT: "Omps",
      });
    },
  );

  it.each(Object.entries(functions))(
    "gets the key of the fingerprints when it is deployed, and may not read it: %s",
    (_, { properties, statements }) => {
      expect(JSON.stringify(properties.Environment.Variables["OMPS_FINGERPRINT_KEY"])).toMatch(
        /\{\{resolve:secretsmanager:.*FingerprintKeySecret.*:SecretString:::\}\}/,
      );
      expect(JSON.stringify(statements)).not.toContain("FingerprintKey");
    },
  );

  it("takes what the stack's owner says before the defaults", () => {
    const functionOptions = {
      memorySize: 2048,
      timeout: Duration.seconds(20),
      environment: { OMPS_CONFIG: "/opt/config.json" },
      logRetention: RetentionDays.ONE_DAY,
    };

    const { "about.handler": about } = new Rendered(newStack({ functionOptions })).functions();

    expect(about?.properties).toMatchObject({ MemorySize: 2048, Timeout: 20 });
    expect(about?.properties.Environment.Variables).toMatchObject({ OMPS_CONFIG: "/opt/config.json" });
  });
});

it("no function may run longer than locks are made for", () => {
  const functionOptions = { timeout: Duration.seconds(31) };

  expect(() => newStack({ functionOptions })).toThrow(
    "A function may run for 30 seconds at the most, not 31",
  );
});

describe("the staging bucket", () => {
  it("is private, encrypted, spoken to over TLS only, and keeps archives of builds for a week", () => {
    omps.template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: {
        Rules: [
          { Prefix: "koji/", ExpirationInDays: 7, Status: "Enabled" },
          { Prefix: "uploads/", ExpirationInDays: 1, Status: "Enabled" },
          { Prefix: "pushes/", ExpirationInDays: 1, Status: "Enabled" },
          { Prefix: "answers/", ExpirationInDays: 2, Status: "Enabled" },
          { Prefix: "operations/", ExpirationInDays: 2, Status: "Enabled" },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" },
        ],
      },
    });
    omps.template.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ],
      }),
    });
  });

  it("keeps no versions, and goes with the stack", () => {
    omps.template.hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "Delete",
      Properties: { VersioningConfiguration: Match.absent() },
    });
  });

  it("is known to the function that stages", () => {
    expect(omps.functions()["push-koji.handler"]?.properties.Environment.Variables).toHaveProperty(
      "OMPS_STAGING_BUCKET",
    );
  });
});

it("the key of tokens is rotated, and goes with the stack", () => {
  omps.template.hasResource("AWS::KMS::Key", {
    DeletionPolicy: "Delete",
    Properties: { EnableKeyRotation: true },
  });
  omps.template.resourceCountIs("AWS::KMS::Key", 1);
});

describe("the stack", () => {
  it("tells what an administrator needs to know of it", () => {
    for (const output of ["ApiUrl", "BusName", "RedriveMapping", "BucketName"])
      omps.template.hasOutput(output, { Value: Match.anyValue() });
    omps.template.hasOutput("SecretPrefix", { Value: "omps/" });
  });

  it.each([
    ["any account", {}],
    [
      "an account that it knows",
      { env: { account: "111111111111", region: "eu-west-1" }, secretPrefix: "a/" },
    ],
  ])("has no finding of AwsSolutions that is not acknowledged, for %s", (_, props) => {
    const app = newApp();

    const { violations } = new AwsSolutionsChecks(app).validateScope(newStack(props, app));

    expect(violations).toEqual([]);
  });

  it.each([
    ["AWS::Lambda::Function", "FunctionName"],
    ["AWS::Logs::LogGroup", "LogGroupName"],
    ["AWS::IAM::Role", "RoleName"],
  ])("gives no %s a name of its own", (type, property) => {
    omps.template.allResourcesProperties(type, { [property]: Match.absent() });
  });

  it("fits into an app twice", () => {
    const app = newApp();
    newStack({}, app, "Production");
    newStack({ secretPrefix: "staging/" }, app, "Staging");

    const { stacks } = app.synth();

    expect(stacks.map(({ stackName }) => stackName)).toEqual(["Production", "Staging"]);
  });

  it("ships the bundles and the configuration, and no source maps", () => {
    const app = newApp();
    newStack({}, app);

    const { directory } = app.synth();

    const asset = readdirSync(directory).find((name) => name.startsWith("asset.")) ?? "";
    expect(readdirSync(join(directory, asset)).toSorted()).toEqual(["about.mjs", "config.json"]);
  });

  it("is not made of functions that are not built", () => {
    const missing = join(folder, "missing");

    expect(() => newStack({ functionsFolder: missing })).toThrow(
      `There are no bundled functions in ${missing}. Run 'npm run build'`,
    );
  });

  it("is not made with a configuration that is not in order", () => {
    const broken = built("broken", '{"colour": "red", "timeout": 3}');

    expect(() => newStack({ functionsFolder: broken })).toThrow(
      /colour: is not a setting\ntimeout: is not a setting/,
    );
  });
});
