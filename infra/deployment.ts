import { App, Stack } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import { ArnPrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import * as z from "zod/mini";
import { ALARM_NAMES } from "./constructs/alarm-kinds.ts";
import type { OmpsStackProps } from "./omps-stack.ts";

/** What CloudWatch knows; the last one is for ever. */
const RETENTIONS = Object.values(RetentionDays).filter((days) => typeof days === "number");

const WHOLE = "expected a whole number";
const text = z.string().check(z.minLength(1, "expected a text that is not empty"));
const arn = (service: string) =>
  z.string().check(z.regex(new RegExp(`^arn:[a-z-]+:${service}:`), `expected an ARN of ${service}`));
const count = z.int(WHOLE).check(z.minimum(0, WHOLE));
const id = (prefix: string) =>
  z.string().check(z.regex(new RegExp(`^${prefix}-[0-9a-f]+$`), `expected ${prefix}-…`));
const periods = z.exactOptional(z.int(WHOLE).check(z.minimum(1, "expected 1 or more")));
const override = z.strictObject({
  threshold: z.exactOptional(z.number("expected a number")),
  periods,
  breaching: periods,
  enabled: z.exactOptional(z.boolean("expected true or false")),
});
const alarms = z.partialRecord(
  z.enum(ALARM_NAMES),
  override,
  "expected an object: kind of alarm to what differs",
);

const settingsSchema = z.strictObject({
  stackName: z._default(
    z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, "expected letters, digits and -")),
    "Omps",
  ),
  secretPrefix: z.optional(text),
  functionsFolder: z.optional(text),
  memorySize: z.optional(
    z.int(WHOLE).check(z.minimum(128, "expected 128 or more"), z.maximum(10_240, "expected 10240 or less")),
  ),
  logRetentionDays: z.optional(z.enum(RetentionDays, `expected one of ${RETENTIONS.join(", ")}`)),
  reservedConcurrency: z.optional(
    count.check(
      z.refine(
        (most) => most === 0 || most >= 4,
        "expected 0, or 4 or more: two queues lead to one function",
      ),
    ),
  ),
  throttleRate: z.optional(count),
  throttleBurst: z.optional(count),
  domainName: z.optional(
    z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "expected a name as omps.example.com")),
  ),
  certificateArn: z.optional(arn("acm")),
  vpcId: z.optional(id("vpc")),
  subnetIds: z.optional(z.array(id("subnet"))),
  securityGroupIds: z.optional(z.array(id("sg"))),
  encryptionKeyArn: z.optional(arn("kms")),
  eventSenderArns: z.optional(z.array(arn("iam"))),
  alarmTopicArn: z.optional(arn("sns")),
  alarms: z.optional(alarms),
});

type Settings = z.output<typeof settingsSchema>;

/** What -c gives as text, where cdk.json can have a number, a list or an object. */
const FROM_TEXT: Readonly<Record<string, (value: string) => unknown>> = {
  memorySize: number,
  logRetentionDays: number,
  reservedConcurrency: number,
  throttleRate: number,
  throttleBurst: number,
  subnetIds: listed,
  securityGroupIds: listed,
  eventSenderArns: listed,
  alarms: parseJson,
};

/** An empty text, as of a shell variable that is not set, is no zero. */
function number(value: string): unknown {
  return value.trim() === "" ? value : Number(value);
}

function listed(value: string): string[] {
  return value.split(",").map((each) => each.trim());
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What `cdk deploy` was told about one deployment, with `-c name=value` or in cdk.json. */
export interface Deployment {
  readonly stackName: string;
  readonly props: OmpsStackProps;
}

/**
 * Reads the settings of a deployment from the context.
 *
 * @throws Error that names every setting that is not in order
 */
export function deploymentOf(scope: Construct): Deployment {
  const parsed = settingsSchema.safeParse(settingsIn(scope));
  const problems = [
    ...misspelt(scope),
    ...(parsed.success ? halves(parsed.data) : parsed.error.issues.map(problem)),
  ];
  if (problems.length > 0)
    throw new Error(`The settings of the deployment are not in order.\n${problems.join("\n")}`);
  const settings = settingsSchema.parse(parsed.data);
  return { stackName: settings.stackName, props: propsOf(settings) };
}

function settingsIn({ node }: Construct): Record<string, unknown> {
  const given = Object.keys(settingsSchema.shape).map((name): [string, unknown] => {
    const value: unknown = node.tryGetContext(name);
    return [name, typeof value === "string" ? (FROM_TEXT[name]?.(value) ?? value) : value];
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** Names like those of settings. What the CDK has of its own in the context has other characters too. */
function misspelt({ node }: Construct): string[] {
  const names = Object.keys(node.getAllContext()).filter((name) => /^[A-Za-z]+$/.test(name));
  return names
    .filter((name) => !(name in settingsSchema.shape))
    .map(
      (name) =>
        `${name}: there is no such setting; there are ${Object.keys(settingsSchema.shape).join(", ")}`,
    );
}

function problem(issue: z.core.$ZodIssue): string {
  const where = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return `${where}: ${issue.message}`;
  const names = issue.keys.map((key) => JSON.stringify(key)).join(", ");
  return `${where}: there is no ${names}${where === "alarms" ? `; there are ${ALARM_NAMES.join(", ")}` : ""}`;
}

/** Settings of which one is of no use without the other. */
function halves(settings: Settings): string[] {
  const pairs = [
    ["domainName", "certificateArn"],
    ["certificateArn", "domainName"],
    ["vpcId", "subnetIds"],
    ["subnetIds", "vpcId"],
    ["securityGroupIds", "vpcId"],
    ["throttleRate", "throttleBurst"],
    ["throttleBurst", "throttleRate"],
  ] as const;
  return pairs
    .filter(([one, other]) => settings[one] !== undefined && settings[other] === undefined)
    .map(([one, other]) => `${one}: give ${other} too`);
}

function propsOf(settings: Settings): OmpsStackProps {
  // What is there already is only named. A stack that is never deployed holds the names.
  const names = new Stack(new App({ autoSynth: false }), "Given");
  const { secretPrefix, functionsFolder, throttleRate, throttleBurst } = settings;
  const { encryptionKeyArn, alarmTopicArn, eventSenderArns } = settings;
  return {
    ...(secretPrefix !== undefined && { secretPrefix }),
    ...(functionsFolder !== undefined && { functionsFolder }),
    ...functionProps(settings),
    ...(throttleRate !== undefined &&
      throttleBurst !== undefined && { throttle: { rateLimit: throttleRate, burstLimit: throttleBurst } }),
    ...domainProps(names, settings),
    ...networkProps(names, settings),
    ...(encryptionKeyArn && { encryptionKey: Key.fromKeyArn(names, "Key", encryptionKeyArn) }),
    ...(eventSenderArns && { eventSenders: eventSenderArns.map((each) => new ArnPrincipal(each)) }),
    ...(alarmTopicArn && { alarmTopic: Topic.fromTopicArn(names, "Topic", alarmTopicArn) }),
    ...(settings.alarms && { alarms: settings.alarms }),
  };
}

function functionProps(settings: Settings): Pick<OmpsStackProps, "functionOptions"> {
  const { memorySize, logRetentionDays, reservedConcurrency } = settings;
  const functionOptions = {
    ...(memorySize !== undefined && { memorySize }),
    ...(logRetentionDays !== undefined && { logRetention: logRetentionDays }),
    ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
  };
  return Object.keys(functionOptions).length > 0 ? { functionOptions } : {};
}

function domainProps(names: Stack, { domainName, certificateArn }: Settings): Pick<OmpsStackProps, "domain"> {
  if (domainName === undefined || certificateArn === undefined) return {};
  return {
    domain: {
      name: domainName,
      certificate: Certificate.fromCertificateArn(names, "Certificate", certificateArn),
    },
  };
}

function networkProps(
  names: Stack,
  { vpcId, subnetIds = [], securityGroupIds }: Settings,
): Pick<OmpsStackProps, "vpc" | "subnets" | "securityGroups"> {
  if (vpcId === undefined) return {};
  return {
    vpc: Vpc.fromVpcAttributes(names, "Vpc", { vpcId, availabilityZones: ["any"] }),
    subnets: { subnets: subnetIds.map((id) => Subnet.fromSubnetId(names, id, id)) },
    ...(securityGroupIds && {
      securityGroups: securityGroupIds.map((id) => SecurityGroup.fromSecurityGroupId(names, id, id)),
    }),
  };
}
