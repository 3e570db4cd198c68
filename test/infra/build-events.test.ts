import { Duration } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { MAX_TRIES } from "../../lib/worker/index.ts";
import { Rendered, type RenderedFunction } from "./rendered.ts";
import { arn, built, newApp, newStack, removeFolder } from "./stacks.ts";

afterAll(removeFolder);

const omps = new Rendered(newStack());
const idOf = (resource: string) => ({
  "Fn::GetAtt": [expect.stringMatching(new RegExp(`^${resource}[0-9A-F]{8}$`)), "Arn"],
});
const NOTIFICATIONS = idOf("EventsNotifications");
const PUSHES = idOf("EventsPushes");
const PUSHES_ASIDE = idOf("EventsPushesDeadLetters");
const BUS = idOf("EventsBus");

const queueSchema = z.looseObject({ VisibilityTimeout: z.number() });
const mappingSchema = z.looseObject({ EventSourceArn: z.unknown(), FunctionName: z.unknown() });

function functionOf(rendered: Rendered, name: string): RenderedFunction {
  const found = rendered.functions()[`${name}.handler`];
  if (!found) throw new Error(`There is no function ${name}.`);
  return found;
}

describe("the rule", () => {
  it("hands what bridges put on our bus to the queue of notifications, and to its dead letters where that fails", () => {
    const [[, rule] = []] = omps.resources(
      "AWS::Events::Rule",
      z.looseObject({ Targets: z.array(z.unknown()) }),
    );

    expect(rule).toMatchObject({
      EventBusName: { Ref: expect.stringMatching(/^EventsBus/) },
      EventPattern: { source: ["koji"], "detail-type": ["BuildStateChange", "Tag"] },
      State: "ENABLED",
      Targets: [{ Arn: NOTIFICATIONS, DeadLetterConfig: { Arn: idOf("EventsNotificationsDeadLetters") } }],
    });
    omps.template.resourceCountIs("AWS::Events::Rule", 1);
  });

  it("takes none of our own events, which would come back", () => {
    omps.template.resourcePropertiesCountIs(
      "AWS::Events::Rule",
      { EventPattern: { source: Match.arrayWith(["omps"]) } },
      0,
    );
  });

  it("is the only one of EventBridge that may send to these queues", () => {
    const policies = omps.resources("AWS::SQS::QueuePolicy", z.looseObject({ PolicyDocument: z.unknown() }));
    const allowing = policies.filter(([, { PolicyDocument }]) =>
      JSON.stringify(PolicyDocument).includes('"Allow"'),
    );

    expect(allowing.map(([id]) => id.replace(/[0-9A-F]{8}$/, "")).toSorted()).toEqual([
      "EventsNotificationsDeadLettersPolicy",
      "EventsNotificationsPolicy",
    ]);
    for (const [, { PolicyDocument }] of allowing)
      expect(JSON.stringify(PolicyDocument)).toMatch(/"aws:SourceArn":\{"Fn::GetAtt":\["EventsRule/);
  });
});

describe("the queues", () => {
  it("hide a message six times as long as its function may take, and put it aside after as many tries as the worker knows", () => {
    const timeout = Duration.seconds(25);
    const queues = new Rendered(newStack({ functionOptions: { timeout } })).resources(
      "AWS::SQS::Queue",
      queueSchema,
    );

    expect(queues).toHaveLength(4);
    for (const [, { VisibilityTimeout }] of queues) expect(VisibilityTimeout).toBe(6 * 25);
    omps.template.allResourcesProperties("AWS::SQS::Queue", { VisibilityTimeout: 360 });
    omps.template.resourcePropertiesCountIs(
      "AWS::SQS::Queue",
      { RedrivePolicy: { maxReceiveCount: MAX_TRIES } },
      2,
    );
  });

  it("of pushes are first in, first out, and choose no deduplication of their own", () => {
    omps.template.resourcePropertiesCountIs("AWS::SQS::Queue", { FifoQueue: true }, 2);
    omps.template.allResourcesProperties("AWS::SQS::Queue", { ContentBasedDeduplication: Match.absent() });
  });
});

describe("the mappings", () => {
  const mappings = omps
    .resources("AWS::Lambda::EventSourceMapping", mappingSchema)
    .map(([, mapping]) => mapping);
  const worker = { Ref: expect.stringMatching(/^Eventspushworker/) };

  it("hand notifications over in batches, and pushes one at a time", () => {
    expect(mappings).toEqual([
      {
        EventSourceArn: NOTIFICATIONS,
        FunctionName: { Ref: expect.stringMatching(/^Eventsonbuildnotification/) },
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 5 },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      },
      {
        EventSourceArn: PUSHES,
        FunctionName: worker,
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 10 },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      },
      expect.objectContaining({ EventSourceArn: PUSHES_ASIDE }),
    ]);
  });

  it("have one for the pushes that were put aside, which is switched off", () => {
    expect(mappings[2]).toMatchObject({
      EventSourceArn: PUSHES_ASIDE,
      FunctionName: worker,
      Enabled: false,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it.each([
    [5, [5, 3]],
    [4, [4, 2]],
    [1, [2, 2]],
    [100, [5, 10]],
  ])(
    "call no more at once than are reserved, the switched-off one included, as far as SQS lets them: %i",
    (reserved, limits) => {
      const stack = newStack({ functionOptions: { reservedConcurrentExecutions: reserved } });
      const schema = z.looseObject({ ScalingConfig: z.object({ MaximumConcurrency: z.number() }) });
      const found = new Rendered(stack).resources("AWS::Lambda::EventSourceMapping", schema);

      expect(found.slice(0, 2).map(([, each]) => each.ScalingConfig.MaximumConcurrency)).toEqual(limits);
    },
  );
});

describe("the functions that queues call", () => {
  it("know the queues and the bus that they send to, and no others", () => {
    const known = (name: string) =>
      Object.keys(functionOf(omps, name).properties.Environment.Variables)
        .filter((variable) => /QUEUE|BUS|BUCKET|PREFIX/.test(variable))
        .toSorted();

    expect(known("on-build-notification")).toEqual(["OMPS_PUSH_QUEUE"]);
    expect(known("push-worker")).toEqual([
      "OMPS_BUS",
      "OMPS_DEAD_LETTER_QUEUE",
      "OMPS_PUSH_QUEUE",
      "OMPS_SECRET_PREFIX",
      "OMPS_STAGING_BUCKET",
    ]);
  });
});

describe("the rights of each function", () => {
  const allow = (Action: string | string[], Resource: unknown) => ({ Effect: "Allow", Action, Resource });
  const writeOwnLog = (log: string) => allow(["logs:CreateLogStream", "logs:PutLogEvents"], idOf(log));
  const receive = (queues: unknown) =>
    allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], queues);

  it("on-build-notification: its log, to take notifications, to queue pushes", () => {
    expect(functionOf(omps, "on-build-notification").statements).toEqual([
      writeOwnLog("EventsonbuildnotificationLog"),
      receive(NOTIFICATIONS),
      allow("sqs:SendMessage", PUSHES),
    ]);
  });

  it("push-worker: its log, to take pushes, to postpone them and put them aside, events, secrets, staging, operations", () => {
    const bucket = idOf("StagingBucket");

    expect(functionOf(omps, "push-worker").statements).toEqual([
      writeOwnLog("EventspushworkerLog"),
      receive([PUSHES, PUSHES_ASIDE]),
      allow("sqs:ChangeMessageVisibility", PUSHES),
      allow("sqs:SendMessage", PUSHES_ASIDE),
      allow("events:PutEvents", BUS),
      allow("secretsmanager:GetSecretValue", arn("secretsmanager", ":secret:omps/*")),
      allow(["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], {
        "Fn::Join": ["", [bucket, "/koji/*"]],
      }),
      { ...allow("s3:ListBucket", bucket), Condition: { StringLike: { "s3:prefix": "koji/*" } } },
      allow(
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        [{ "Fn::Join": ["", [bucket, "/operations/*"]] }, { "Fn::Join": ["", [bucket, "/pushes/*"]] }],
      ),
      { ...allow("s3:ListBucket", bucket), Condition: { StringLike: { "s3:prefix": "pushes/*" } } },
      { ...allow("s3:ListBucket", bucket), Condition: { StringLike: { "s3:prefix": "operations/*" } } },
      allow("s3:GetObject", { "Fn::Join": ["", [bucket, "/uploads/*"]] }),
      { ...allow("s3:ListBucket", bucket), Condition: { StringLike: { "s3:prefix": "uploads/*" } } },
      {
        ...allow("kms:Decrypt", idOf("TokenKey")),
        Condition: { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "operation" } },
      },
    ]);
  });

  it("with a key of one's own: to decrypt with it, and to encrypt what they send", () => {
    const app = newApp();
    const encryptionKey = new Key(newStack({}, app, "Owner"), "Key");
    const encrypted = new Rendered(newStack({ encryptionKey }, app));

    for (const name of ["on-build-notification", "push-worker"]) {
      const actions = functionOf(encrypted, name).statements.flatMap(({ Action }) => Action);
      expect(actions).toEqual(expect.arrayContaining(["kms:Decrypt", "kms:GenerateDataKey"]));
      expect(actions.join()).not.toContain("kms:*");
    }
  });
});

describe("a rule of the configuration", () => {
  const rules = [{ organization: "acme" }, { organization: "amce" }, { organization: "amce", tag: "a" }];
  const config = JSON.stringify({ organizations: { acme: {} }, notifications: { rules } });

  it("whose organization is not configured is warned of, once, and stops nothing", () => {
    const stack = newStack({ functionsFolder: built("misspelt", config) });
    const warnings = Annotations.fromStack(stack).findWarning("*", Match.anyValue());

    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings[0]?.entry.data)).toContain("pushes to the organization amce");
  });

  it("in order is not warned of", () => {
    const right = JSON.stringify({
      organizations: { acme: {} },
      notifications: { rules: rules.slice(0, 1) },
    });
    const stack = newStack({ functionsFolder: built("right", right) });

    expect(Annotations.fromStack(stack).findWarning("*", Match.anyValue())).toEqual([]);
  });
});
