/** The three status entries of a credential (Bitstring Status List 1.0, section 2.1). */
import type { Json } from '../canonical-json.js';
import { Problem, require } from '../errors.js';
import { at, type Shape } from '../shape.js';
import { memberNames, readMembers, type Members } from './payload-members.js';
import { parseStatusIndex, STATUS_PURPOSES, type StatusPurpose } from './status-list.js';

export interface StatusEntry {
  /** URL of the list, e.g. `https://cap.minhchung.example/status/thu-hoi-1`. */
  readonly list: string;
  readonly index: number;
}

export type StatusEntries = Readonly<Record<StatusPurpose, StatusEntry>>;

const PATH = 'vc.credentialStatus';
const ENTRY_TYPE = 'BitstringStatusListEntry';
const ENTRY = memberNames(['id', 'type', 'statusPurpose', 'statusListIndex', 'statusListCredential']);

const LONGEST_URL = 300;
/** One spelling: lower-case host, no user, query, fragment, escape or dot segment; plain http to this machine only. */
const LIST_URL = /^(?:https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|http:\/\/(?:localhost|127\.0\.0\.1))(?::[1-9][0-9]{0,4})?(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}){1,8}$/;

/** The address of a status list. Throws CREDENTIAL_STATUS_LIST_WRONG. */
export const statusListUrl: Shape<string> = (value) => {
  if (typeof value !== 'string' || value.length > LONGEST_URL || !LIST_URL.test(value) || value.includes('..')) throw new Problem('CREDENTIAL_STATUS_LIST_WRONG');
  return value;
};

/** As they are signed. */
export function statusJson(entries: StatusEntries): Json {
  return STATUS_PURPOSES.map((purpose) => {
    const { list, index } = entries[purpose];
    return { id: `${list}#${index}`, type: ENTRY_TYPE, statusPurpose: purpose, statusListIndex: String(index), statusListCredential: list };
  });
}

/**
 * Reads exactly one entry for each purpose, in the order of {@link STATUS_PURPOSES}, each in a list of its own.
 *
 * @throws Problem CREDENTIAL_MEMBER_…, CREDENTIAL_STATUS_MISSING, CREDENTIAL_STATUS_REPEATED (field `purpose`),
 *   CREDENTIAL_STATUS_MALFORMED, CREDENTIAL_STATUS_INDEX_WRONG, CREDENTIAL_STATUS_LIST_WRONG
 */
export function readStatus(value: unknown): StatusEntries {
  if (!Array.isArray(value)) throw new Problem('CREDENTIAL_MEMBER_WRONG_TYPE', { field: PATH, expected: 'list' });
  const entries = value.map((one, place) => readMembers(one, pathOf(place), ENTRY));
  if (entries.length !== STATUS_PURPOSES.length || STATUS_PURPOSES.some((purpose, place) => entries[place]?.['statusPurpose'] !== purpose)) throw purposeProblem(entries.map((one) => one['statusPurpose']));
  const [revocation, suspension, refresh] = entries.map((one, place) => at(pathOf(place), () => readEntry(one)));
  if (revocation === undefined || suspension === undefined || refresh === undefined) throw new TypeError('three purposes were counted');
  const isOneTwice = revocation.list === suspension.list || revocation.list === refresh.list || suspension.list === refresh.list;
  require(!isOneTwice, 'CREDENTIAL_STATUS_REPEATED', { field: PATH });
  return { revocation, suspension, refresh };
}

/** Known without being put together for each credential. */
const PATHS = STATUS_PURPOSES.map((_, place) => `${PATH}[${place}]`);

function pathOf(place: number): string {
  return PATHS[place] ?? `${PATH}[${place}]`;
}

function purposeProblem(purposes: readonly unknown[]): Problem {
  const missing = STATUS_PURPOSES.find((one) => !purposes.includes(one));
  if (missing !== undefined) return new Problem('CREDENTIAL_STATUS_MISSING', { field: PATH, purpose: missing });
  const repeated = STATUS_PURPOSES.find((one) => purposes.indexOf(one) !== purposes.lastIndexOf(one));
  if (repeated !== undefined) return new Problem('CREDENTIAL_STATUS_REPEATED', { field: PATH, purpose: repeated });
  const misplaced = purposes.findIndex((one, place) => one !== STATUS_PURPOSES[place]);
  return new Problem('CREDENTIAL_STATUS_MALFORMED', { field: `${pathOf(misplaced)}.statusPurpose` });
}

function readEntry({ id, type, statusListIndex, statusListCredential }: Members): StatusEntry {
  require(type === ENTRY_TYPE, 'CREDENTIAL_STATUS_MALFORMED', { field: 'type' });
  const list = at('statusListCredential', () => statusListUrl(statusListCredential));
  if (typeof statusListIndex !== 'string') throw new Problem('CREDENTIAL_STATUS_INDEX_WRONG', { field: 'statusListIndex' });
  const index = at('statusListIndex', () => parseStatusIndex(statusListIndex));
  require(id === `${list}#${index}`, 'CREDENTIAL_STATUS_MALFORMED', { field: 'id' });
  return { list, index };
}
