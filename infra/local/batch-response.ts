import * as z from "zod/mini";

const responseSchema = z.nullish(
  z.object({ batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string() }))) }),
);

/**
 * Tells which messages of a batch have failed, from what the function returned. As for Lambda, no failures and no
 * response at all mean that all is done, and a response that cannot be understood means that all have failed.
 *
 * @param messageIds those of the batch
 */
export function failedOf(response: unknown, messageIds: readonly string[]): ReadonlySet<string> {
  const read = responseSchema.safeParse(response);
  if (!read.success) return new Set(messageIds);
  const failed = (read.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return new Set(failed.every((id) => messageIds.includes(id)) ? failed : messageIds);
}
