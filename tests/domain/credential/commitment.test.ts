import { createHash, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { commitmentTree } from '#domain/credential/commitment-tree.js';
import { evidence, evidenceJson, hexOf, leafInput, nodeInput, pathLength, rootOf, saltBytes, type Evidence, type Sha256 } from '#domain/credential/commitment.js';
import { throwsWith } from '../../support/rejects-with.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const webSha256: Sha256 = async (bytes) => new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes));
const SALT = '2GLC42sKQveCfGfryNRN9w';
const ROOT = 'a'.repeat(64);
const good = { count: 5, index: 4, path: [ROOT], root: ROOT, salt: SALT };

/** The root as RFC 6962 2.1 defines it: the left part has the largest power of two that is smaller than the whole. */
function rfcRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first !== undefined && leaves.length === 1) return first;
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(nodeInput(rfcRoot(leaves.slice(0, left)), rfcRoot(leaves.slice(left))));
}

const hashes = (count: number): Uint8Array[] => Array.from({ length: count }, (_, n) => sha256(Buffer.from(`jwt ${n}`)));
const leavesOf = (jwtHashes: readonly Uint8Array[]): Uint8Array[] => jwtHashes.map((one) => sha256(leafInput(saltBytes(SALT), one)));

describe('byte layouts', () => {
  test('a leaf is 00, salt, hash of the token', () => {
    const jwtHash = sha256(Buffer.from('header.payload.signature', 'ascii'));
    expect(Buffer.from(leafInput(saltBytes(SALT), jwtHash)).toString('hex')).toBe(`00${Buffer.from(SALT, 'base64url').toString('hex')}${hexOf(jwtHash)}`);
  });
  test('a node is 01, left, right', () => expect(hexOf(nodeInput(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)))).toBe(`01${'01'.repeat(32)}${'02'.repeat(32)}`));
  test('parts of another length would move the border', () => {
    expect(() => leafInput(new Uint8Array(15), new Uint8Array(33))).toThrow(TypeError);
    expect(() => nodeInput(new Uint8Array(31), new Uint8Array(33))).toThrow(TypeError);
  });
  test('a salt is 16 bytes', () => throwsWith(() => saltBytes('AAAA'), 'FIELD_WRONG_VALUE'));
});

describe('the tree of a batch', () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 9, 33, 100])('of %i credentials is that of RFC 6962, and every path leads to its root', async (count) => {
    const jwtHashes = hashes(count);
    const tree = await commitmentTree(leavesOf(jwtHashes), sha256);
    expect(tree.root).toBe(hexOf(rfcRoot(leavesOf(jwtHashes))));
    for (const [index, jwtHash] of jwtHashes.entries()) {
      const read = evidence(JSON.parse(canonicalJson(evidenceJson({ ...tree.placeOf(index), salt: SALT }))));
      expect(await rootOf(read, jwtHash, sha256)).toBe(tree.root);
    }
  });

  test('a browser computes the same', async () => {
    const jwtHashes = hashes(11);
    const tree = await commitmentTree(leavesOf(jwtHashes), webSha256);
    expect(tree.root).toBe((await commitmentTree(leavesOf(jwtHashes), sha256)).root);
    expect(await rootOf({ ...tree.placeOf(10), salt: SALT }, jwtHashes[10] ?? new Uint8Array(), webSha256)).toBe(tree.root);
  });

  test('no other token, salt, place or neighbour leads there', async () => {
    const count = 13;
    const jwtHashes = hashes(count);
    const tree = await commitmentTree(leavesOf(jwtHashes), sha256);
    await fc.assert(fc.asyncProperty(fc.nat(count - 1), fc.nat(count - 1), fc.nat(255), fc.constantFrom('token', 'salt', 'place', 'path'), async (index, other, bit, what) => {
      const own: Evidence = { ...tree.placeOf(index), salt: SALT };
      const jwtHash = jwtHashes[index] ?? new Uint8Array();
      const flip = (hex: string): string => { const bytes = Buffer.from(hex, 'hex'); bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)); return bytes.toString('hex'); };
      const changed: Record<typeof what, () => Promise<string>> = {
        token: () => rootOf(own, Buffer.from(flip(hexOf(jwtHash)), 'hex'), sha256),
        salt: () => rootOf({ ...own, salt: `A${SALT.slice(1)}` }, jwtHash, sha256),
        place: () => rootOf({ ...tree.placeOf(other === index ? (index + 1) % count : other), salt: SALT }, jwtHash, sha256),
        path: () => rootOf({ ...own, path: own.path.map((hash, level) => (level === bit % own.path.length ? flip(hash) : hash)) }, jwtHash, sha256),
      };
      expect(await changed[what]()).not.toBe(tree.root);
    }));
  });

  test('no credentials make no tree, and a leaf that is not there has no path', async () => {
    await expect(commitmentTree([], sha256)).rejects.toThrow(RangeError);
    const tree = await commitmentTree(leavesOf(hashes(3)), sha256);
    expect(() => tree.placeOf(3)).toThrow(RangeError);
  });

  // the last leaf stands below a complete tree for each bit that is set in its index: 999 999 has twelve
  test('a million need paths of twenty at most', () => expect([pathLength(0, 1_000_000), pathLength(999_999, 1_000_000), pathLength(0, 1)]).toEqual([20, 12, 0]));
});

describe('evidence', () => {
  test('is read as it stands', () => expect(evidence(good)).toEqual(good));

  test.each([
    ['no root', { ...good, root: undefined }, 'FIELD_MISSING', 'root'],
    ['a root in capitals', { ...good, root: 'A'.repeat(64) }, 'FIELD_WRONG_VALUE', 'root'],
    ['a short root', { ...good, root: 'a'.repeat(63) }, 'FIELD_WRONG_VALUE', 'root'],
    ['a short salt', { ...good, salt: SALT.slice(1) }, 'FIELD_WRONG_VALUE', 'salt'],
    ['a member too many', { ...good, note: 'x' }, 'FIELD_UNKNOWN', 'note'],
    ['an index outside', { ...good, index: 5 }, 'EVIDENCE_INDEX_WRONG', 'index'],
    ['an index below', { ...good, index: -1 }, 'FIELD_WRONG_VALUE', 'index'],
    ['an index as a text', { ...good, index: '4' }, 'FIELD_WRONG_VALUE', 'index'],
    ['a batch of none', { ...good, index: 0, count: 0, path: [] }, 'FIELD_WRONG_VALUE', 'count'],
    ['a batch too large', { ...good, count: 1_000_001 }, 'FIELD_WRONG_VALUE', 'count'],
    ['a path too long', { ...good, path: [ROOT, ROOT] }, 'EVIDENCE_PATH_WRONG', 'path'],
    ['a path too short', { ...good, index: 0 }, 'EVIDENCE_PATH_WRONG', 'path'],
    ['an endless path', { ...good, path: Array.from({ length: 21 }, () => ROOT) }, 'LIST_TOO_LONG', 'path'],
    ['a path of something else', { ...good, path: ['x'] }, 'FIELD_WRONG_VALUE', 'path[0]'],
    ['a list', [], 'FIELD_WRONG_TYPE', ''],
  ] as const)('%s is refused', (_, value, code, field) => throwsWith(() => evidence(value), code, { field }));
});
