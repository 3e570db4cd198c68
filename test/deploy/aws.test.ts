import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { probeAws } from "../aws/probe.ts";
import { createKey } from "./account.ts";
import { declare } from "./declare.ts";
import { awsSettings } from "./deployment.ts";
import { startMinistack } from "./ministack.ts";

probeAws("ministack", async (declared) => {
  const ministack = await startMinistack();
  const settings = awsSettings(ministack);
  const bucket = "probe";
  await new S3Client({ ...settings, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
  await declare(declared, settings);
  const secrets = new SecretsManagerClient(settings);
  return {
    settings,
    bucket,
    key: await createKey(ministack.url),
    async addSecret(Name, SecretString) {
      await secrets.send(new CreateSecretCommand({ Name, SecretString }));
    },
    close: () => ministack.stop(),
  };
});
