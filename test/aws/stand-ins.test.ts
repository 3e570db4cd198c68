import { startAws } from "../../infra/local/aws/aws.ts";
import { probeAws } from "./probe.ts";

probeAws("the stand-ins of npm start", async (declared) => {
  const aws = await startAws({}, declared);
  return {
    settings: aws.settings,
    bucket: "probe",
    key: "probe",
    async addSecret(name, text) {
      aws.secretsManager.secrets.set(name, text);
    },
    close: () => aws.close(),
  };
});
