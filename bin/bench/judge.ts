import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load, YAML11_SCHEMA } from "js-yaml";
import { judge } from "../verify/judgement.ts";
import { type Runs, report } from "./measure.ts";

/** Judges a package again and again, or once ("once"), or only reads its YAML with js-yaml ("plain"). */
const [, , dir = "", way = "ours"] = process.argv;

function readPlainly(): void {
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    if (/\.ya?ml$/.test(name))
      load(readFileSync(join(dir, name), "utf8"), { schema: YAML11_SCHEMA, json: true });
  }
}

const work = way === "plain" ? async () => readPlainly() : () => judge({ path: dir });
/** A small package has to be judged often before its figure stands still. */
async function runs(): Promise<Runs> {
  if (way === "once") return { warm: 0, measured: 1 };
  const started = performance.now();
  await work();
  return performance.now() - started < 100 ? { warm: 60, measured: 60 } : { warm: 4, measured: 5 };
}

await report(await runs(), () => work);
