import * as z from "zod/mini";
import { ACCOUNT } from "./cdklocal.ts";

/** What an account has, by CloudFormation's type: names, in order. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** Asks ministack for something. It checks no signature, but goes by the service that a request is signed for. */
type Ask = (service: string, path: string, init?: RequestInit) => Promise<string>;

const KINDS: Readonly<Record<string, (ask: Ask) => Promise<string[]>>> = {
  "AWS::CloudFormation::Stack": byAction("cloudformation", "DescribeStacks", "StackName"),
  "AWS::IAM::Role": byAction("iam", "ListRoles", "RoleName"),
  "AWS::SQS::Queue": byAction("sqs", "ListQueues", "QueueUrl"),
  "AWS::CloudWatch::Alarm": byAction("monitoring", "DescribeAlarms", "AlarmName"),
  "AWS::CloudWatch::Dashboard": byAction("monitoring", "ListDashboards", "DashboardName"),
  "AWS::S3::Bucket": async (ask) => texts(await ask("s3", "/"), "Name"),
  "AWS::Lambda::Function": byPath("lambda", "/2015-03-31/functions", "Functions", "FunctionName"),
  "AWS::ApiGatewayV2::Api": byPath("apigateway", "/v2/apis", "items", "name"),
  "AWS::Logs::LogGroup": byTarget("logs", "Logs_20140328.DescribeLogGroups", "logGroups", "logGroupName"),
  "AWS::SecretsManager::Secret": byTarget(
    "secretsmanager",
    "secretsmanager.ListSecrets",
    "SecretList",
    "Name",
  ),
  "AWS::Events::EventBus": byTarget("events", "AWSEvents.ListEventBuses", "EventBuses", "Name"),
};

/** What was not made by CloudFormation, or by the CDK's bootstrap: the organizations' secrets, and the bus of AWS. */
const NOT_OF_THE_STACK = /^(cdk-hnb659fds-|CDKToolkit|omps\/|default$)/;

/** Lists what the stacks in ministack's account are made of, but for what the CDK's own one is. */
export async function inventory(endpoint: string): Promise<Inventory> {
  const ask = asking(endpoint);
  const listed = Object.entries(KINDS).map(async ([type, list]): Promise<[string, string[]]> => {
    const names = await list(ask);
    return [type, names.filter((name) => !NOT_OF_THE_STACK.test(name)).toSorted(byName)];
  });
  return Object.fromEntries(await Promise.all(listed));
}

/** Makes a key of KMS, and gives its ID. */
export async function createKey(endpoint: string): Promise<string> {
  const schema = z.object({ KeyMetadata: z.object({ KeyId: z.string() }) });
  const made = await asking(endpoint)("kms", "/", jsonCall("TrentService.CreateKey"));
  return schema.parse(JSON.parse(made)).KeyMetadata.KeyId;
}

function asking(endpoint: string): Ask {
  return async (service, path, init = {}) => {
    const scope = `${ACCOUNT.accessKeyId}/20260101/${ACCOUNT.region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
    const answer = await fetch(endpoint + path, { ...init, headers: { authorization, ...init.headers } });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${service}${path}: ${answer.status} ${said}`);
    return said;
  };
}

function byAction(service: string, Action: string, element: string) {
  return async (ask: Ask) =>
    texts(await ask(service, "/", { method: "POST", body: new URLSearchParams({ Action }) }), element);
}

function byPath(service: string, path: string, list: string, member: string) {
  return async (ask: Ask) => members(await ask(service, path), list, member);
}

function byTarget(service: string, target: string, list: string, member: string) {
  return async (ask: Ask) => members(await ask(service, "/", jsonCall(target)), list, member);
}

/** A call of JSON's protocol that says nothing more. */
function jsonCall(target: string): RequestInit {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  return { method: "POST", headers, body: "{}" };
}

function texts(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}

function members(json: string, list: string, member: string): string[] {
  const schema = z.record(z.literal(list), z.array(z.looseObject({ [member]: z.string() })));
  return (schema.parse(JSON.parse(json))[list] ?? []).map((each) => String(each[member]));
}

function byName(a: string, b: string): number {
  return a.localeCompare(b);
}
