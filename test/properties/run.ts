import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

const HELP = `Usage: npm run test:properties [-- --runs N]

Runs the property tests with N random inputs for each property (1000). A failure prints its seed and the smallest
input that fails. "npm test" runs them too, with fewer inputs.
`;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1000" }, help: { type: "boolean", default: false } },
});
if (values.help) {
  process.stdout.write(HELP);
} else if (!/^[1-9]\d*$/.test(values.runs)) {
  process.stderr.write(`--runs must be a number above 0, not ${JSON.stringify(values.runs)}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const env = { ...process.env, PROPERTY_RUNS: values.runs };
  const child = spawn("vitest", ["run", "test/properties"], { env, stdio: "inherit" });
  child.on("close", (code) => {
    process.exitCode = code ?? 1;
  });
}
