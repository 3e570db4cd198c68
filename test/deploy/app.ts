import { App } from "aws-cdk-lib";
import * as z from "zod/mini";
import { OmpsStack } from "../../infra/omps-stack.ts";

const context = z.object({ functionsFolder: z.string() });

/** The stack as it is, but that ministack has no /var/task: a function's working folder is where its code is. */
const app = new App();
new OmpsStack(app, "Omps", {
  ...context.parse({ functionsFolder: app.node.tryGetContext("functionsFolder") }),
  functionOptions: { environment: { OMPS_CONFIG: "config.json" } },
});
