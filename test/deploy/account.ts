import * as z from "zod/mini";
import { ACCOUNT } from "./cdklocal.ts";

/** Names of what an account has. */
export interface Inventory {
  readonly stacks: readonly string[];
  readonly functions: readonly string[];
  readonly apis: readonly string[];
  readonly roles: readonly string[];
  readonly logGroups: readonly string[];
  readonly buckets: readonly string[];
}

const functionsSchema = z.object({ Functions: z.array(z.object({ FunctionName: z.string() })) });
const apisSchema = z.object({ items: z.array(z.object({ name: z.string() })) });
const logGroupsSchema = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });

/** Lists what is in ministack's account and was not made by the bootstrap. */
export async function inventory(endpoint: string): Promise<Inventory> {
  const ask = async (service: string, path: string, init: RequestInit = {}): Promise<string> => {
    const headers = { authorization: authorizationFor(service), ...init.headers };
    const answer = await fetch(endpoint + path, { ...init, headers });
    if (!answer.ok) throw new Error(`${service}${path}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  };
  const query = (service: string, Action: string) =>
    ask(service, "/", { method: "POST", body: new URLSearchParams({ Action }) });
  const logs = await ask("logs", "/", {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Logs_20140328.DescribeLogGroups",
    },
    body: "{}",
  });
  const functions = functionsSchema.parse(JSON.parse(await ask("lambda", "/2015-03-31/functions")));
  const apis = apisSchema.parse(JSON.parse(await ask("apigateway", "/v2/apis")));
  return {
    stacks: own(texts(await query("cloudformation", "DescribeStacks"), "StackName")),
    functions: own(functions.Functions.map(({ FunctionName }) => FunctionName)),
    apis: own(apis.items.map(({ name }) => name)),
    roles: own(texts(await query("iam", "ListRoles"), "RoleName")),
    logGroups: own(logGroupsSchema.parse(JSON.parse(logs)).logGroups.map(({ logGroupName }) => logGroupName)),
    buckets: own(texts(await ask("s3", "/"), "Name")),
  };
}

/** ministack checks no signature, but sends a request to the service that it is signed for. */
function authorizationFor(service: string): string {
  const scope = `${ACCOUNT.accessKeyId}/20260101/${ACCOUNT.region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
}

function texts(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}

function own(names: readonly string[]): string[] {
  return names.filter((name) => !/^(cdk-hnb659fds-|CDKToolkit)/.test(name)).toSorted();
}
