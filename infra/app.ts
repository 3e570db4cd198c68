import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import * as z from "zod/mini";
import { OmpsStack } from "./omps-stack.ts";

const contextSchema = z.object({
  stackName: z._default(z.string(), "Omps"),
  secretPrefix: z.optional(z.string()),
});

const app = new App();
const context = contextSchema.parse({
  stackName: app.node.tryGetContext("stackName"),
  secretPrefix: app.node.tryGetContext("secretPrefix"),
});

Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new OmpsStack(
  app,
  context.stackName,
  context.secretPrefix === undefined ? {} : { secretPrefix: context.secretPrefix },
);
