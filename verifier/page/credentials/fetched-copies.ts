/** The copies that a judgement here needs, from the server that the page came from. */
import { trustSnapshot } from '#domain/trust/snapshot.js';
import { readTrust } from '../claimed-answer.js';
import type { TrustCopies } from './own-judgement.js';

export const fetchedCopies: TrustCopies = {
  snapshot: async (dids) => {
    const response = await get(`/trust/snapshot?${dids.map((did) => `did=${encodeURIComponent(did)}`).join('&')}`);
    return response === undefined ? undefined : trustSnapshot(await response.json());
  },
  list: async (url) => (await get(`/trust/status?list=${encodeURIComponent(url)}`))?.text(),
  commitment: async (root) => {
    const response = await fetch(`/trust/commitments/${root}`, ASKING);
    if (response.status === 404) return 'unknown';
    if (response.status !== 200) return 'unreachable';
    const answer = await response.json() as { receipt?: unknown; trust?: unknown };
    const trust = readTrust(answer.trust);
    return typeof answer.receipt === 'string' && trust !== undefined ? { receipt: answer.receipt, trust } : 'unreachable';
  },
};

const ASKING: RequestInit = { headers: { accept: 'application/json' }, cache: 'no-store' };

/** @returns `undefined` where the server says that it has none; throws where it says anything else */
async function get(address: string): Promise<Response | undefined> {
  const response = await fetch(address, ASKING);
  if (response.status === 404 || response.status === 503) return undefined;
  if (response.status !== 200) throw new TypeError(`status ${response.status}`);
  return response;
}
