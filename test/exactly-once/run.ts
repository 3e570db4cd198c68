import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkSchedules } from "./check-schedules.ts";

const HELP = `Usage: npm run test:exactly-once [-- --runs N] [--seed S] [--path P] [--jobs J]

Runs N random schedules (2000) of pushes and deletions side by side, while Quay, S3 and SQS fail and functions are killed,
and checks that nothing is published more often than it was asked for, that no release is overwritten, that every 200 is
true, and that every repository is free in the end. Some pushes are queued ('Prefer: respond-async'): what is told of their
end must be true as well, messages come late, twice or again, and within a day each operation has ended. The first
failure ends the run: it prints the schedule as it was drawn, with the seed and the path that repeat it. J processes (1)
share the work; each has the next seed.
`;

/** Shares the work among processes; gives whether all of them found nothing. */
async function share(runs: number, seed: number, jobs: number): Promise<boolean> {
  const codes = Array.from({ length: jobs }, async (_, index) => {
    const options = ["--runs", String(Math.ceil(runs / jobs)), "--seed", String(seed + index)];
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...options], { stdio: "inherit" });
    const [code] = await once(child, "close");
    return code === 0;
  });
  return (await Promise.all(codes)).every(Boolean);
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 30) },
    path: { type: "string" },
    jobs: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const numbers = [values.runs, values.seed, values.jobs].map(Number);
const [runs = 0, seed = 0, jobs = 0] = numbers;
if (values.help) {
  process.stdout.write(HELP);
} else if (!numbers.every(Number.isInteger) || runs < 1 || jobs < 1) {
  process.stderr.write(`--runs, --seed and --jobs must be whole numbers\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const good =
    jobs > 1 ? await share(runs, seed, jobs) : await checkSchedules({ runs, seed, path: values.path });
  process.exitCode = good ? 0 : 1;
}
