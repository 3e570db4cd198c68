import { answerOf, refusal } from "./answer.ts";
import { judgeBundles } from "./bundle-judgement.ts";
import { bundleAnswerOf, bundleRefusal, bundleReportOf } from "./bundle-report.ts";
import { judge, type Package } from "./judgement.ts";
import { reportOf } from "./report.ts";

/** A judgement as it is printed: for programs, and for people. */
export interface Judged {
  readonly valid: boolean;
  readonly answer: object;
  readonly report: string;
}

/** Where a package would be pushed to, by whose rules it is judged. */
export interface Target {
  /** @throws Error where the package cannot be read */
  judge(asked: Package): Promise<Judged>;
  /** The answer about a package that cannot be read. */
  refusal(problem: unknown): object;
}

/** By the name that a configuration gives them. */
export const TARGETS: ReadonlyMap<string, Target> = new Map<string, Target>([
  [
    "appregistry",
    {
      async judge(asked) {
        const judgement = await judge(asked);
        const { valid } = judgement.verdict;
        return { valid, answer: answerOf(judgement), report: reportOf(asked.path, judgement) };
      },
      refusal,
    },
  ],
  [
    "bundle",
    {
      async judge({ path }) {
        const judgement = await judgeBundles(path);
        const { valid } = judgement;
        return { valid, answer: bundleAnswerOf(judgement), report: bundleReportOf(path, judgement) };
      },
      refusal: bundleRefusal,
    },
  ],
]);
