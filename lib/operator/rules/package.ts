import type { Field } from "../field.ts";
import type { Findings } from "../findings.ts";

/**
 * The rules for a package file (operator-courier 2.1.11).
 *
 * @param csvs of the same bundle
 * @param nested whether the package has a directory for each version: a channel may then name one that is
 *   not there
 * @returns whether the repository's name is to be checked too: a missing currentCSV does not prevent that
 */
export function checkPackage(
  pkg: Field,
  csvs: readonly Field[],
  nested: boolean,
  findings: Findings,
): boolean {
  if (!pkg.has("channels")) {
    findings.error(pkg, "package channels not defined.");
    return false;
  }
  const channels = pkg.get("channels");
  if (channels.length() === 0) {
    findings.error(channels, "no package channels defined.");
    return false;
  }
  const csvNames = csvs.flatMap((csv) => csv.optional("metadata")?.optional("name") ?? []);
  const known = nested ? undefined : csvNames;
  const items = channels.items();
  findings.compares(items.length * (csvNames.length + 1));
  return items.map((channel) => checkChannel(channel, known, findings)).every(Boolean);
}

/** Whether the channel is in order; `csvNames` is undefined where they are not compared. */
function checkChannel(channel: Field, csvNames: readonly Field[] | undefined, findings: Findings): boolean {
  const named = channel.has("name");
  if (!named) findings.error(channel, "package channel.name not defined.");
  if (!channel.has("currentCSV")) {
    findings.error(channel, "package channel.currentCSV not defined.");
    return named;
  }
  if (csvNames === undefined) return named;
  const current = channel.get("currentCSV");
  if (csvNames.some((name) => name.equals(current))) return named;
  findings.error(current, `channel.currentCSV ${current.printed()} is not included in list of csvs`);
  return false;
}

export function checkRepository(pkg: Field, repository: string, findings: Findings): void {
  const packageName = pkg.get("packageName");
  if (packageName.value === repository) return;
  findings.error(
    packageName,
    `The packageName (${packageName.printed()}) in bundle does not match repository name (${repository}) provided as command line argument.`,
  );
}
