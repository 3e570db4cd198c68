import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Judges a package in process and prints the seconds of CPU, the smallest of some runs. */
const SCRIPT = `
import logging, sys, time
logging.disable(logging.CRITICAL)
from operatorcourier import api
best = None
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    try:
        api.build_and_verify(source_dir=sys.argv[1])
    except Exception as error:
        if type(error).__name__ != "OpCourierBadBundle":
            raise
    spent = time.process_time() - start
    best = spent if best is None else min(best, spent)
print(best)
`;

/** operator-courier 2.1.11, installed from PyPI into a folder of its own. */
export class Courier {
  readonly #python: string;

  private constructor(python: string) {
    this.#python = python;
  }

  /** Throws where there is no Python, or it cannot be installed. */
  static async install(folder: string): Promise<Courier> {
    const venv = join(folder, "courier");
    await run("python3", ["-m", "venv", venv]);
    await run(join(venv, "bin/pip"), ["install", "--quiet", "operator-courier==2.1.11", "setuptools<81"]);
    return new Courier(join(venv, "bin/python"));
  }

  /** Milliseconds of CPU that it takes to judge the package. */
  async judge(dir: string, runs: number): Promise<number> {
    const { stdout } = await run(this.#python, ["-c", SCRIPT, dir, String(runs)], { maxBuffer: 2 ** 26 });
    return Number(stdout.trim().split("\n").at(-1)) * 1000;
  }
}
