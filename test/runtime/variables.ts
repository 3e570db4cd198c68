import { dirname } from "node:path";

/** What the environment variables of a function depend on. */
export interface VariableOptions {
  readonly name: string;
  /** The folder with its code. */
  readonly code: string;
  /** Host and port of the Runtime API. */
  readonly runtimeApi: string;
  /** The variables that the stack sets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** All environment variables that a function sees, as Lambda sets them: nothing of this process is among them. */
export function lambdaVariables({
  name,
  code,
  runtimeApi,
  environment,
}: VariableOptions): Record<string, string> {
  return {
    _HANDLER: `${name}.handler`,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    LAMBDA_TASK_ROOT: code,
    LANG: "en_US.UTF-8",
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    TZ: ":UTC",
    ...environment,
  };
}
