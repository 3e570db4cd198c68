import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { PROJECT } from "../../infra/build/places.ts";

/** Bytes of what a command may say. */
const MAX_OUTPUT = 10_000_000;

/** Credentials and region that ministack takes, and the environment by which clients of AWS find it. */
export const ACCOUNT = { accessKeyId: "test", secretAccessKey: "test", region: "us-east-1" } as const;

/** The CDK's commands on the app of this folder, with ministack in place of AWS. */
export interface Cdklocal {
  /**
   * Runs a command, and gives all that it said.
   *
   * @throws Error with that, where it failed
   */
  run(...args: readonly string[]): Promise<string>;
}

/**
 * @param endpoint ministack's address
 * @param folder where the synthesized app goes, which is no one else's
 * @param functionsFolder the bundles that are deployed
 */
export function cdklocal(endpoint: string, folder: string, functionsFolder: string): Cdklocal {
  const path = join(PROJECT, "node_modules/.bin");
  const app = [
    "--app",
    `node ${join(import.meta.dirname, "app.ts")}`,
    "--output",
    join(folder, "cdk.out"),
    "--context",
    `functionsFolder=${functionsFolder}`,
  ];
  const env = {
    PATH: `${dirname(process.execPath)}:${path}:${process.env["PATH"]}`,
    HOME: folder,
    TMPDIR: folder,
    NO_COLOR: "1",
    CI: "true",
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: ACCOUNT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey,
    AWS_REGION: ACCOUNT.region,
  };
  return {
    async run(...args) {
      process.stderr.write(`cdklocal ${args[0]} …\n`);
      const command = [...args, ...app];
      const { promise, resolve } = Promise.withResolvers<{ failed: boolean; said: string }>();
      execFile("cdklocal", command, { cwd: PROJECT, env, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) =>
        resolve({ failed: error !== null, said: stdout + stderr }),
      );
      const { failed, said } = await promise;
      if (failed) throw new Error(`cdklocal ${args.join(" ")} failed:\n${said}`);
      return said;
    },
  };
}
