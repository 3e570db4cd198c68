/**
 * Does work for each item, some at once; the results are in the order of the items. After a failure nothing more is
 * begun, and what is under way is waited for.
 *
 * @param most how many at once
 * @param mayBegin asked before more is begun; throws to end it there
 * @throws what the first item to fail throws
 */
export async function atOnce<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
  mayBegin: () => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += most) {
    mayBegin();
    const ended = await Promise.allSettled(items.slice(at, at + most).map(work));
    for (const each of ended) {
      if (each.status === "rejected") throw each.reason;
      results.push(each.value);
    }
  }
  return results;
}
