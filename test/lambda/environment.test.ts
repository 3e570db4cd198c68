import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { type Listening, listenOnLoopback } from "../fakes/loopback.ts";
import { written } from "./written.ts";

it("a function sees the variables that Lambda sets, and none of this process", async () => {
  const { lambda } = await written("export const handler = async () => process.env;");

  const seen = await lambda.invoke({});

  expect(seen).toMatchObject({
    AWS_LAMBDA_FUNCTION_NAME: "written",
    AWS_REGION: "us-east-1",
    TZ: ":UTC",
  });
  expect(seen).not.toHaveProperty("HOME");
  expect(seen).not.toHaveProperty("NODE_ENV");
  expect(seen).not.toHaveProperty("OMPS_TEST_RUNTIME");
});

it("its context has Lambda's deadline, counted from the event", async () => {
  const { lambda } = await written(
    "export const handler = async (_, context) => ({ left: context.getRemainingTimeInMillis(), ...context });",
    5000,
  );

  const context = await lambda.invoke({});

  expect(context).toMatchObject({
    functionName: "written",
    functionVersion: "$LATEST",
    memoryLimitInMB: "1024",
    logGroupName: "/aws/lambda/written",
    invokedFunctionArn: "arn:aws:lambda:local:000000000000:function:written",
    left: expect.toSatisfy((left: number) => left > 0 && left <= 5000),
  });
});

it("it runs the Node.js that the project pins", async () => {
  const { lambda } = await written("export const handler = async () => process.version;");

  const { version } = JSON.parse(readFileSync("node_modules/node/package.json", "utf8"));

  expect(await lambda.invoke({})).toBe(`v${version}`);
});

it("an event that finds every process at work has a new one, and later events take one that waits", async () => {
  const { lambda } = await written(`export const handler = async ({ meet }) => {
    if (meet) await fetch(meet);
    return process.pid;
  };`);
  const { url, close } = await meetingPoint(2);

  const [first, second] = await Promise.all([lambda.invoke({ meet: url }), lambda.invoke({ meet: url })]);
  const third = await lambda.invoke({});
  await close();

  expect(first).not.toBe(second);
  expect([first, second]).toContain(third);
});

it("all that an invocation prints is there when it ends, in the order of printing", async () => {
  const { lambda, lines } = await written(`export const handler = async () => {
    for (let line = 0; line < 2000; line++) {
      (line % 2 ? process.stdout : process.stderr).write(\`\${line} \${"x".repeat(500)}\\n\`);
    }
  };`);

  await lambda.invoke({});

  expect(lines.map((line) => Number(line.split(" ")[0]))).toEqual(Array.from({ length: 2000 }, (_, n) => n));
});

/** A server that answers nobody before so many have come. */
function meetingPoint(wanted: number): Promise<Listening> {
  const present: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    present.push(response);
    if (present.length === wanted) for (const each of present) each.end();
  });
  return listenOnLoopback(server);
}
