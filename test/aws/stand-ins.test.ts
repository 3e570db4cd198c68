import { startAws } from "../../infra/local/aws/aws.ts";
import { probeAws } from "./probe.ts";

probeAws("the stand-ins of npm start", async () => {
  const aws = await startAws();
  return {
    settings: aws.settings,
    bucket: "probe",
    async addSecret(name, text) {
      aws.secretsManager.secrets.set(name, text);
    },
    close: () => aws.close(),
  };
});
