import { App } from "aws-cdk-lib";
import { Match } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { deploymentOf } from "../../infra/deployment.ts";
import { Rendered } from "./rendered.ts";
import { newApp, newStack, removeFolder } from "./stacks.ts";

afterAll(removeFolder);

const NETWORK = { vpcId: "vpc-11111111", subnetIds: "subnet-11111111, subnet-22222222" };
const KEY = "arn:aws:kms:eu-west-1:111111111111:key/11111111-1111-1111-1111-111111111111";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111";
const TOPIC = "arn:aws:sns:eu-west-1:111111111111:alarms";

/** The settings of a deployment, as `cdk -c name=value` gives them. */
const read = (context: Readonly<Record<string, unknown>>) =>
  deploymentOf(new App({ context, autoSynth: false }));

/** The stack that they make. */
function rendered(context: Readonly<Record<string, unknown>>): Rendered {
  const { stackName, props } = read(context);
  return new Rendered(newStack(props, newApp(), stackName));
}

describe("the settings of a deployment", () => {
  it("can all be left out", () => {
    expect(read({})).toEqual({ stackName: "Omps", props: {} });
  });

  it("are texts on the command line, and may be numbers, lists and objects in cdk.json", () => {
    const texts = { reservedConcurrency: "5", throttleRate: "10", throttleBurst: "20" };
    const numbers = { reservedConcurrency: 5, throttleRate: 10, throttleBurst: 20 };

    expect(read(texts)).toEqual(read(numbers));
    expect(read(texts).props).toEqual({
      functionOptions: { reservedConcurrentExecutions: 5 },
      throttle: { rateLimit: 10, burstLimit: 20 },
    });
    expect(read({ alarms: '{"latency":{"threshold":3}}' }).props.alarms).toEqual({
      latency: { threshold: 3 },
    });
    expect(read({ alarms: { latency: { threshold: 3 } } }).props.alarms).toEqual({
      latency: { threshold: 3 },
    });
  });

  it("size the functions, and say how long logs are kept", () => {
    const { template } = rendered({ memorySize: "2048", logRetentionDays: "365" });

    template.allResourcesProperties("AWS::Lambda::Function", { MemorySize: 2048 });
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 365 });
  });

  it("put the functions into subnets that are there, with one security group", () => {
    const omps = rendered(NETWORK);

    for (const { properties } of Object.values(omps.functions())) {
      expect(properties["VpcConfig"]).toEqual({
        SubnetIds: ["subnet-11111111", "subnet-22222222"],
        SecurityGroupIds: [{ "Fn::GetAtt": [expect.stringMatching(/^Functions/), "GroupId"] }],
      });
    }
    omps.template.hasResourceProperties("AWS::EC2::SecurityGroup", { VpcId: "vpc-11111111" });
  });

  it("take security groups that are there", () => {
    const omps = rendered({ ...NETWORK, securityGroupIds: ["sg-11111111"] });

    expect(omps.functions()["push-koji.handler"]?.properties["VpcConfig"]).toMatchObject({
      SecurityGroupIds: ["sg-11111111"],
    });
    omps.template.resourceCountIs("AWS::EC2::SecurityGroup", 0);
  });

  it("encrypt with a key that is there, which a function may use to decrypt only", () => {
    const omps = rendered({ encryptionKeyArn: KEY });

    omps.template.allResourcesProperties("AWS::Logs::LogGroup", { KmsKeyId: KEY });
    omps.template.allResourcesProperties("AWS::Lambda::Function", { KmsKeyArn: KEY });
    omps.template.allResourcesProperties("AWS::SQS::Queue", { KmsMasterKeyId: KEY });
    omps.template.hasResourceProperties("AWS::SecretsManager::Secret", { KmsKeyId: KEY });
    expect(omps.functions()["about.handler"]?.statements).toContainEqual({
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: KEY,
    });
    expect(omps.functions()["push-koji.handler"]?.statements).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: KEY,
    });
    // That of the tokens, with which not all functions may decrypt.
    omps.template.resourceCountIs("AWS::KMS::Key", 1);
  });

  it("give the API a name of its own, and only that", () => {
    const { template } = rendered({ domainName: "omps.example.com", certificateArn: CERTIFICATE });

    template.hasResourceProperties("AWS::ApiGatewayV2::DomainName", { DomainName: "omps.example.com" });
    template.resourceCountIs("AWS::ApiGatewayV2::ApiMapping", 1);
    template.hasResourceProperties("AWS::ApiGatewayV2::Api", { DisableExecuteApiEndpoint: true });
    template.hasOutput("ApiUrl", { Value: "https://omps.example.com" });
    template.hasOutput("DomainTarget", {});
  });

  it("let others put events on the bus, and do nothing else with it", () => {
    const roles = ["arn:aws:iam::111111111111:role/bridge", "arn:aws:iam::222222222222:root"];
    const { template } = rendered({ eventSenderArns: roles.join(", ") });

    template.resourcePropertiesCountIs(
      "AWS::Events::EventBusPolicy",
      {
        EventBusName: { Ref: Match.stringLikeRegexp("^EventsBus") },
        Statement: {
          Sid: Match.anyValue(),
          Effect: "Allow",
          Principal: { AWS: roles },
          Action: "events:PutEvents",
          Resource: { "Fn::GetAtt": [Match.stringLikeRegexp("^EventsBus"), "Arn"] },
        },
      },
      1,
    );
    template.resourceCountIs("AWS::Events::EventBusPolicy", 1);
    rendered({}).template.resourceCountIs("AWS::Events::EventBusPolicy", 0);
  });

  it("send alarms to a topic that is there", () => {
    rendered({ alarmTopicArn: TOPIC }).template.allResourcesProperties("AWS::CloudWatch::Alarm", {
      AlarmActions: [TOPIC],
    });
  });

  it("leave no finding of AwsSolutions that is not acknowledged", () => {
    const context = {
      ...NETWORK,
      encryptionKeyArn: KEY,
      domainName: "omps.example.com",
      certificateArn: CERTIFICATE,
      alarmTopicArn: TOPIC,
      eventSenderArns: "arn:aws:iam::222222222222:root",
      reservedConcurrency: 5,
    };
    const app = newApp();

    const { violations } = new AwsSolutionsChecks(app).validateScope(newStack(read(context).props, app));

    expect(violations).toEqual([]);
  });

  it("are all told that are not in order", () => {
    const wrong = {
      stackName: "not a name",
      throttleRate: "fast",
      throttleBurst: "-1",
      memorySize: "64",
      logRetentionDays: "100",
      vpcId: "10.0.0.0",
      subnetIds: "subnet-11111111,10.0.0.0",
      encryptionKeyArn: "alias/omps",
      eventSenderArns: "111111111111",
      alarms: '{"latencies": {}, "latency": {"threshold": "high", "colour": "red"}}',
    };

    const problems = [
      "stackName: expected letters, digits and -",
      "throttleRate: expected a whole number",
      "throttleBurst: expected a whole number",
      "memorySize: expected 128 or more",
      "logRetentionDays: expected one of 1, 3, 5, 7,",
      "vpcId: expected vpc-…",
      "subnetIds.1: expected subnet-…",
      "encryptionKeyArn: expected an ARN of kms",
      "eventSenderArns.0: expected an ARN of iam",
      "alarms.latency.threshold: expected a number",
      'alarms.latency: there is no "colour"',
      'alarms: there is no "latencies"; there are failure-rate, latency, function-errors,',
    ];
    for (const problem of problems) expect(() => read(wrong)).toThrow(problem);
  });

  it("are told that are misspelt, as they would be left out without a word", () => {
    expect(() => read({ alarmTopic: "arn:aws:sns:eu-west-1:111111111111:alarms" })).toThrow(
      /alarmTopic: there is no such setting; there are stackName, secretPrefix,/,
    );
  });

  it("reserve enough for the two queues that lead to one function, or nothing at all", () => {
    expect(() => read({ reservedConcurrency: 3 })).toThrow("reservedConcurrency: expected 0, or 4 or more");
    expect(read({ reservedConcurrency: "0" }).props.functionOptions).toEqual({
      reservedConcurrentExecutions: 0,
    });
  });

  it.each(["reservedConcurrency", "secretPrefix", "domainName"])("are not empty: %s", (name) => {
    expect(() => read({ [name]: "" })).toThrow(new RegExp(`${name}: expected `));
  });

  it.each([
    ["domainName", { domainName: "omps.example.com" }, "give certificateArn too"],
    ["vpcId", { vpcId: "vpc-11111111" }, "give subnetIds too"],
    ["securityGroupIds", { securityGroupIds: "sg-11111111" }, "give vpcId too"],
    ["throttleRate", { throttleRate: 5 }, "give throttleBurst too"],
  ])("are of no use by halves: %s", (name, context, problem) => {
    expect(() => read(context)).toThrow(`${name}: ${problem}`);
  });
});
