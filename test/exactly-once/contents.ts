import { unpack } from "../../lib/archive/index.ts";
import { buildRelease, Manifests, packRelease, verify } from "../../lib/operator/index.ts";
import { packageZip } from "../support/package.ts";
import { CHOICES } from "./operations.ts";

/** The name of a repository. */
export function repositoryOf(repo: number): string {
  return `operator${repo}`;
}

/** A package as a zip, and the digest that Quay has for it. */
export interface Content {
  readonly zip: Buffer;
  readonly digest: string;
}

const contents = await Promise.all(
  Array.from({ length: CHOICES.repos }, (_, repo) =>
    // One more than operations choose from: the last push of a schedule.
    Promise.all(Array.from({ length: CHOICES.contents + 1 }, (_, content) => make(repo, content))),
  ),
);

/** A content for a repository. */
export function contentOf({ repo, content }: { readonly repo: number; readonly content: number }): Content {
  const found = contents[repo]?.[content];
  if (!found) throw new Error(`there is no content ${content} of repository ${repo}`);
  return found;
}

async function make(repo: number, content: number): Promise<Content> {
  const repository = repositoryOf(repo);
  const zip = packageZip({ name: repository, versions: [`0.${content}.0`] });
  const manifests = new Manifests(await unpack(zip, 1_000_000));
  const { digest } = await packRelease(buildRelease(manifests, verify(manifests, repository)), repository);
  return { zip, digest };
}
