import type { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import { str } from "../python.ts";

/**
 * The rules for a package file (operator-courier 2.1.11).
 *
 * @param csvNames names of which a channel may name one; undefined where they are not checked
 * @returns whether the repository's name is to be checked too: a missing currentCSV does not prevent that
 */
export function checkPackage(
  pkg: Field,
  csvNames: readonly Field[] | undefined,
  findings: Findings,
): boolean {
  if (!pkg.has("channels")) {
    findings.error("package channels not defined.");
    return false;
  }
  const channels = pkg.get("channels");
  if (channels.length() === 0) {
    findings.error("no package channels defined.");
    return false;
  }
  return channels
    .items()
    .map((channel) => checkChannel(channel, csvNames, findings))
    .every(Boolean);
}

function checkChannel(channel: Field, csvNames: readonly Field[] | undefined, findings: Findings): boolean {
  const named = channel.has("name");
  if (!named) findings.error("package channel.name not defined.");
  if (!channel.has("currentCSV")) {
    findings.error("package channel.currentCSV not defined.");
    return named;
  }
  if (csvNames === undefined) return named;
  const current = channel.get("currentCSV");
  if (csvNames.some((name) => name.equals(current))) return named;
  findings.error(`channel.currentCSV ${str(current.value)} is not included in list of csvs`);
  return false;
}

export function checkRepository(pkg: Field, repository: string, findings: Findings): void {
  const packageName = pkg.get("packageName").value;
  if (packageName === repository) return;
  findings.error(
    `The packageName (${str(packageName)}) in bundle does not match repository name (${repository}) provided as command line argument.`,
  );
}
