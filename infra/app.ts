import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { deploymentOf } from "./deployment.ts";
import { OmpsStack } from "./omps-stack.ts";

const app = new App();
const { stackName, props } = deploymentOf(app);

Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new OmpsStack(app, stackName, props);
