/** Usage: invoke-bundle.ts BUNDLE EVENT. Prints what the bundle's handler answers to an event, as the last line. */
import { pathToFileURL } from "node:url";
import type { Handler } from "../../infra/local/gateway.ts";
import { lambdaContext } from "../../infra/local/lambda-context.ts";

const [bundle = "", event = ""] = process.argv.slice(2);
const { handler }: { handler: Handler } = await import(pathToFileURL(bundle).href);
process.stdout.write(`${JSON.stringify(await handler(JSON.parse(event), lambdaContext("bundle")))}\n`);
