/**
 * Divides a whole quantity in proportion to weights so that the parts add up to it exactly: each part is cut down to
 * a whole unit, and the units left over go to the largest remainders, the earlier part first where two are equal.
 *
 * @param total e.g. 100n
 * @param weights not negative, not all nought, e.g. [1n, 1n, 1n]
 * @returns as many parts as weights, e.g. [34n, 33n, 33n]
 * @throws TypeError where there is nothing to divide by
 */
export function apportion(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum <= 0n || total < 0n || weights.some((w) => w < 0n)) throw new TypeError('weights must be positive in sum');
  const parts = weights.map((weight) => (total * weight) / sum);
  const missing = total - parts.reduce((a, b) => a + b, 0n);
  for (const index of largestRemainders(total, weights, sum).slice(0, Number(missing))) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts;
}

function largestRemainders(total: bigint, weights: readonly bigint[], sum: bigint): number[] {
  const remainder = weights.map((weight) => (total * weight) % sum);
  return weights
    .map((_, index) => index)
    .sort((a, b) => compare(remainder[b] ?? 0n, remainder[a] ?? 0n) || a - b);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
