/** Several lists in order, read as one: only as far as somebody asks. */

/** Places of each list in ascending order, no place in two of them; all places in ascending order. */
export async function* mergedPlaces(lists: readonly AsyncIterable<string>[]): AsyncGenerator<string> {
  const open = await Promise.all(lists.map(async (list) => headOf(list[Symbol.asyncIterator]())));
  try {
    for (let first = firstOf(open); first?.place !== undefined; first = firstOf(open)) {
      yield first.place;
      Object.assign(first, await headOf(first.rest));
    }
  } finally {
    // A list that is left half read keeps a snapshot of the store open.
    await Promise.all(open.map(async ({ rest }) => rest.return?.(undefined)));
  }
}

interface Head {
  /** `undefined` at the end of the list */
  place: string | undefined;
  readonly rest: AsyncIterator<string>;
}

async function headOf(rest: AsyncIterator<string>): Promise<Head> {
  const next = await rest.next();
  return { rest, place: next.done === true ? undefined : next.value };
}

function firstOf(heads: readonly Head[]): Head | undefined {
  let first: Head | undefined;
  for (const head of heads) {
    if (head.place !== undefined && (first?.place === undefined || head.place < first.place)) first = head;
  }
  return first;
}
