/**
 * Salted commitments: a batch of credentials is one Merkle root on the ledger, and each credential carries the path to it.
 * The tree is that of RFC 6962 section 2.1 over the leaves `salt ‖ SHA-256(token)`; a node without a sibling moves up as
 * it is. Without its salt a leaf tells nothing, so that deleting the salt unties a credential from the ledger.
 */
import { decodeBase64Url } from '../base64url.js';
import type { Json } from '../canonical-json.js';
import { Problem, require } from '../errors.js';
import { list, matching, object, wholeNumber, type Parsed, type Shape } from '../shape.js';
import { disclosureSalt } from './disclosure.js';

/** SHA-256 of a platform: node:crypto at once, WebCrypto by promise. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** As many as a commitment on the ledger can count. */
const MOST_CREDENTIALS = 1_000_000;
const LONGEST_PATH = 20;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const LEAF = 0;
const NODE = 1;

const hash = matching(/^[0-9a-f]{64}$/, 'SHA-256 in 64 lower-case hexadecimal digits');

const members = object({
  root: hash,
  salt: disclosureSalt,
  index: wholeNumber(0, MOST_CREDENTIALS - 1),
  count: wholeNumber(1, MOST_CREDENTIALS),
  path: list(hash, { max: LONGEST_PATH }),
});

/** What ties a credential to a root on the ledger: its salt, its place, and the hashes beside its way up. */
export type Evidence = Parsed<typeof members>;

/**
 * @param value e.g. `{"count":1,"index":0,"path":[],"root":"…","salt":"2GLC42sKQveCfGfryNRN9w"}`
 * @throws Problem as `object`; EVIDENCE_INDEX_WRONG with field `index`, EVIDENCE_PATH_WRONG with field `path`
 */
export const evidence: Shape<Evidence> = (value) => {
  const read = members(value);
  require(read.index < read.count, 'EVIDENCE_INDEX_WRONG', { field: 'index', count: String(read.count) });
  const expected = pathLength(read.index, read.count);
  require(read.path.length === expected, 'EVIDENCE_PATH_WRONG', { field: 'path', expected: String(expected) });
  return read;
};

/** The evidence as it is written: canonical JSON of this stands behind the `#` of a credential's text. */
export function evidenceJson({ root, salt, index, count, path }: Evidence): Json {
  return { root, salt, index, count, path: [...path] };
}

/** How many siblings stand beside the way from a leaf to the root of a tree of `count` leaves. */
export function pathLength(index: number, count: number): number {
  let length = 0;
  for (let at = index, wide = count; wide > 1; at >>>= 1, wide = (wide + 1) >>> 1) {
    if (hasSibling(at, wide)) length++;
  }
  return length;
}

/** All but the last node of an odd row. */
function hasSibling(at: number, wide: number): boolean {
  return (at ^ 1) < wide;
}

/**
 * What a leaf's hash is of: `00 ‖ salt ‖ SHA-256(ASCII of the token)`, 49 bytes.
 *
 * @param salt 16 bytes
 * @param jwtHash 32 bytes
 */
export function leafInput(salt: Uint8Array, jwtHash: Uint8Array): Uint8Array {
  return joined(LEAF, bytesOf(salt, SALT_BYTES), bytesOf(jwtHash, HASH_BYTES));
}

/** What a node's hash is of: `01 ‖ left ‖ right`, 65 bytes. */
export function nodeInput(left: Uint8Array, right: Uint8Array): Uint8Array {
  return joined(NODE, bytesOf(left, HASH_BYTES), bytesOf(right, HASH_BYTES));
}

function joined(first: number, second: Uint8Array, third: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + second.length + third.length);
  bytes[0] = first;
  bytes.set(second, 1);
  bytes.set(third, 1 + second.length);
  return bytes;
}

/** Another length would move the border between two parts. */
function bytesOf(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new TypeError(`expected ${length} bytes, got ${bytes.length}`);
  return bytes;
}

/**
 * From a leaf up to the root.
 *
 * @param leaf its hash, 32 bytes
 * @param place of the leaf, with the hashes beside its way up, as {@link evidence} reads them
 * @returns the root that these hashes give, 32 bytes
 */
export async function foldPath(leaf: Uint8Array, { index, count, path }: Pick<Evidence, 'index' | 'count' | 'path'>, sha256: Sha256): Promise<Uint8Array> {
  let node = leaf;
  let next = 0;
  for (let at = index, wide = count; wide > 1; at >>>= 1, wide = (wide + 1) >>> 1) {
    if (!hasSibling(at, wide)) continue;
    const sibling = bytesOfHex(path[next++] ?? '');
    node = await sha256((at & 1) === 1 ? nodeInput(sibling, node) : nodeInput(node, sibling));
  }
  return node;
}

/**
 * The root that a credential's evidence leads to; it is committed to if this equals `evidence.root`.
 *
 * @param jwtHash SHA-256 of the token's ASCII
 * @returns 64 hexadecimal digits
 */
export async function rootOf(of: Evidence, jwtHash: Uint8Array, sha256: Sha256): Promise<string> {
  return hexOf(await foldPath(await sha256(leafInput(saltBytes(of.salt), jwtHash)), of, sha256));
}

/** The 16 bytes of a salt. Throws FIELD_WRONG_VALUE. */
export function saltBytes(salt: string): Uint8Array {
  const bytes = decodeBase64Url(disclosureSalt(salt));
  if (bytes === undefined) throw new Problem('FIELD_WRONG_VALUE', { expected: 'base64url of 16 bytes, 22 characters' });
  return bytes;
}

/** Bytes as lower-case hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte] ?? '';
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function bytesOfHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
