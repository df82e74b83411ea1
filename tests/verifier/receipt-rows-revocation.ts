/** Receipts in whose organisations somebody was revoked, and lists that nobody can believe. */
import type { ProblemCode } from '#domain/errors.js';
import { unknown } from '../../verifier/core/report.js';
import { type Authority, NOW, peerOf, rootAuthority } from './certificate-builder.js';
import { revocationList } from '../support/revocation-list.js';
import { receipt, type World } from './receipt-builder.js';
import { fails, type Row } from './receipt-row.js';

const RFC5280 = 'RFC 5280 section 5';
const MSP = 'Fabric membership service: revocation lists';

const listOf = async ({ pem, keys }: Authority, revoked: readonly string[], full = false, at = NOW): Promise<string> => revocationList({ pem, key: keys.privateKey }, { revoked, at, full });

/** The list that `make` gives is pinned for organisation 3 (or another); everybody signs as ever. */
function listed(name: string, source: string, upset: Row['upset'], make: (world: World) => Promise<string>, mspId = 'Org3MSP'): Row {
  let list = '';
  return {
    name, source, upset,
    receipt: async (world) => {
      list = await make(world);
      return receipt(world);
    },
    expected: (expected) => ({ ...expected, policy: { ...expected.policy, revocationLists: { [mspId]: [list] } } }),
  };
}

const REVOKED = fails({ certificates: 'CERTIFICATE_REVOKED' });
const unusable: ProblemCode = 'RECEIPT_POLICY_UNUSABLE';
const UNUSABLE: Row['upset'] = { signatures: unknown(unusable), certificates: unknown(unusable), peerRoles: unknown(unusable), organisations: unknown(unusable) };

export const REVOCATION_ROWS: readonly Row[] = [
  listed('a peer that its organisation has revoked', RFC5280, REVOKED, async ({ org3 }) => listOf(org3.root, [org3.peer.pem])),
  listed('a peer revoked with a reason, on a numbered list', RFC5280, REVOKED, async ({ org3 }) => listOf(org3.root, [(await peerOf(org3.root, 'Org3MSP')).pem, org3.peer.pem], true)),
  // The moment of a signature is the signer's own word.
  listed('a peer revoked after it signed', MSP, REVOKED, async ({ org3 }) => listOf(org3.root, [org3.peer.pem], false, NOW + 30_000)),
  listed('a list of another root of the same name', RFC5280, UNUSABLE, async ({ org3 }) => listOf(await rootAuthority('Org3'), [org3.peer.pem])),
  listed('a list that another organisation signed', RFC5280, UNUSABLE, async ({ org2, org3 }) => listOf(org2.root, [org3.peer.pem])),
  listed('a list of an organisation that is not pinned', MSP, UNUSABLE, async ({ org3 }) => listOf(org3.root, []), 'Org4MSP'),
  listed('a certificate for a list', RFC5280, UNUSABLE, async ({ org3 }) => org3.root.pem),
  listed('a list cut short', RFC5280, UNUSABLE, async ({ org3 }) => {
    const list = await listOf(org3.root, [org3.peer.pem]);
    const body = Buffer.from(list.replace(/-----[A-Z0-9 ]+-----/g, ''), 'base64');
    return `-----BEGIN X509 CRL-----\n${body.subarray(0, -8).toString('base64')}\n-----END X509 CRL-----\n`;
  }),
  listed('a list with one bit changed', RFC5280, UNUSABLE, async ({ org3 }) => {
    const list = await listOf(org3.root, [org3.peer.pem]);
    const body = Buffer.from(list.replace(/-----[A-Z0-9 ]+-----/g, ''), 'base64');
    const day = body.indexOf('261120') + 5;
    body[day] = (body[day] ?? 0) ^ 1;
    return `-----BEGIN X509 CRL-----\n${body.toString('base64')}\n-----END X509 CRL-----\n`;
  }),
];
