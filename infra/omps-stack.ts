import { existsSync } from "node:fs";
import { join } from "node:path";
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { ConfigError, loadConfig } from "../lib/config/index.ts";
import { FUNCTIONS_FOLDER } from "./build/places.ts";
import type { ApiFunctionOptions } from "./constructs/api-function.ts";
import { PushApi, type Throttle } from "./constructs/push-api.ts";
import { StagingBucket } from "./constructs/staging-bucket.ts";

/** What one deployment of OMPS is made with. */
export interface OmpsStackProps extends StackProps {
  /**
   * Folder with the bundled functions and their configuration.
   *
   * @default - `dist/functions`, as `npm run build` leaves it
   */
  readonly functionsFolder?: string;
  /**
   * Each organization's secret is named `<prefix><organization>`. Deployments with prefixes of their own read
   * only their own secrets.
   *
   * @default "omps/"
   */
  readonly secretPrefix?: string;
  /**
   * What differs from the defaults for all functions.
   *
   * @default - the defaults of ApiFunction
   */
  readonly functionOptions?: ApiFunctionOptions;
  /**
   * How many requests are let through.
   *
   * @default - the default of PushApi
   */
  readonly throttle?: Throttle;
}

/** All of OMPS. Nothing has a fixed name, so an account can have several. */
export class OmpsStack extends Stack {
  /** The front door. */
  readonly api: PushApi;
  /** Where large archives lie between download and push. */
  readonly staging: StagingBucket;

  constructor(scope: Construct, id: string, props: OmpsStackProps = {}) {
    super(scope, id, { description: "OMPS: pushes operator manifests to Quay", ...props });
    const folder = props.functionsFolder ?? FUNCTIONS_FOLDER;
    requireBuilt(folder);

    this.api = new PushApi(this, "Api", {
      // Source maps cost each cold start 7 ms and more once Node is told to read them, and are of no use before.
      code: Code.fromAsset(folder, { exclude: ["**/*.map"] }),
      ...(props.functionOptions && { functionOptions: props.functionOptions }),
      ...(props.throttle && { throttle: props.throttle }),
    });
    for (const name of ["push-zipfile", "push-koji"] as const) {
      this.api.function(name).grantReadOrganizationSecrets(props.secretPrefix ?? "omps/");
    }
    this.staging = new StagingBucket(this, "Staging");
    this.staging.grantStageBuilds(this.api.function("push-koji"));
    new CfnOutput(this, "ApiUrl", { value: this.api.url, description: "Where the API is" });
  }
}

/** A stack of nothing, or one whose functions die at start, is found here and not by the first caller. */
function requireBuilt(folder: string): void {
  const config = join(folder, "config.json");
  if (!existsSync(config))
    throw new Error(`There are no bundled functions in ${folder}. Run 'npm run build' first.`);
  try {
    loadConfig({ OMPS_CONFIG: config });
  } catch (error) {
    if (error instanceof ConfigError)
      throw new Error(`The configuration is not in order.\n${error.problems.join("\n")}`);
    throw error;
  }
}
