/** The Merkle tree of a whole batch: its root, and every credential's path. */
import { hexOf, nodeInput, type Evidence, type Sha256 } from './commitment.js';

export interface CommitmentTree {
  /** 64 hexadecimal digits. */
  readonly root: string;
  readonly count: number;
  /** The evidence of one leaf, all but its salt. Throws RangeError for a leaf that is not there. */
  placeOf(index: number): Omit<Evidence, 'salt'>;
}

/**
 * @param leaves hashes of `leafInput`, in the order of the batch, 32 bytes each; at least one
 * @throws RangeError for no leaves
 */
export async function commitmentTree(leaves: readonly Uint8Array[], sha256: Sha256): Promise<CommitmentTree> {
  if (leaves.length === 0) throw new RangeError('a batch has at least one credential');
  const rows = [leaves];
  for (let row = leaves; row.length > 1; rows.push(row)) row = await rowAbove(row, sha256);
  const root = hexOf(rows.at(-1)?.[0] ?? new Uint8Array());
  const written = rows.map((): (string | undefined)[] => []);
  return { root, count: leaves.length, placeOf: (index) => ({ root, index, count: leaves.length, path: pathOf(rows, written, index) }) };
}

async function rowAbove(row: readonly Uint8Array[], sha256: Sha256): Promise<Uint8Array[]> {
  const above: Uint8Array[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const [left, right] = row.slice(at, at + 2);
    if (left !== undefined) above.push(right === undefined ? left : await sha256(nodeInput(left, right)));
  }
  return above;
}

/** @param written nodes as text, by row and place: the upper ones stand in many paths */
function pathOf(rows: readonly (readonly Uint8Array[])[], written: readonly (string | undefined)[][], index: number): string[] {
  if (rows[0]?.[index] === undefined) throw new RangeError(`no leaf ${index}`);
  const path: string[] = [];
  for (let level = 0; level < rows.length - 1; level++) {
    const at = (index >>> level) ^ 1;
    const node = rows[level]?.[at];
    if (node !== undefined) path.push(textIn(written[level] ?? [], at, node));
  }
  return path;
}

function textIn(row: (string | undefined)[], at: number, node: Uint8Array): string {
  const text = row[at] ?? hexOf(node);
  row[at] = text;
  return text;
}
