/** Receipts whose answer nobody, the wrong ones or too few have signed. */
import * as x509 from '@peculiar/x509';
import { unknown } from '../../verifier/core/report.js';
import {
  authorityOfKey, type CertificateOptions, DAY, derSignature, intermediateAuthority, NOW, peerOf, rootAuthority, selfSignedPeer,
  type Signer, signHigh, signLow,
} from './certificate-builder.js';
import { receipt, type World } from './receipt-builder.js';
import { fails, needing, pinning, type Row, withThird } from './receipt-row.js';

const SIGNATURE = 'Fabric transaction flow: a peer signs the response payload and its identity';
const LOW_S = 'Fabric bccsp: ECDSA signatures in DER with the low s';
const RFC5280 = 'RFC 5280 section 6.1';
const MSP = 'Fabric membership service: identity validation';
const NODE_OU = 'Fabric membership service: NodeOUs, one role each';
const POLICY = 'D8: enough different organisations';

/** Organisation 3 signs in another way than the others. */
const thirdSigns = (sign: (signer: Signer, message: Uint8Array, world: World) => Uint8Array) => (world: World): string =>
  receipt(world, { sign: (signer, message) => (signer.mspId === 'Org3MSP' ? sign(signer, message, world) : signLow(signer.key, message)) });

/** The peer of organisation 3 has another certificate, of its own root. */
const thirdIs = (options: CertificateOptions) => async (world: World): Promise<string> =>
  withThird(world, await peerOf(world.org3.root, 'Org3MSP', options));

const subjectWith = (units: string): string => `CN=peer0.Org3MSP${units}, O=Org3MSP, C=VN`;

const UNREADABLE_CERTIFICATE = { signatures: unknown('RECEIPT_CHECK_NOT_REACHED'), peerRoles: unknown('RECEIPT_CHECK_NOT_REACHED') } as const;

/** Rows that need certificates of their own pinned: `make` gives the peer and what to pin for organisation 3. */
function pinned(name: string, code: Parameters<typeof fails>[0], make: (world: World) => Promise<{ peer: Signer; pins: readonly string[] }>): Row {
  let pins: readonly string[] = [];
  return {
    name,
    source: RFC5280,
    receipt: async (world) => {
      const made = await make(world);
      pins = made.pins;
      return withThird(world, made.peer);
    },
    expected: (expected) => pinning(expected, 'Org3MSP', pins),
    upset: fails(code),
  };
}

const SIGNATURE_ROWS: readonly Row[] = [
  { name: 'one bit of a signature changed', source: SIGNATURE, receipt: thirdSigns(({ key }, message) => signLow(key, message).map((byte, i) => (i === 40 ? byte ^ 1 : byte))), upset: fails({ signatures: 'RECEIPT_SIGNATURE_WRONG' }) },
  { name: 'signed with the key of another peer', source: SIGNATURE, receipt: thirdSigns((_, message, { org2 }) => signLow(org2.peer.key, message)), upset: fails({ signatures: 'RECEIPT_SIGNATURE_WRONG' }) },
  { name: 'signed without the identity', source: SIGNATURE, receipt: thirdSigns(({ key }, message) => signLow(key, message.subarray(0, -1))), upset: fails({ signatures: 'RECEIPT_SIGNATURE_WRONG' }) },
  { name: 'a good signature beside another identity', source: SIGNATURE,
    receipt: (world) => receipt(world, {}, ({ endorsements: [, second, third] }) => { third!.endorser = second!.endorser; }),
    upset: fails({ signatures: 'RECEIPT_SIGNATURE_WRONG' }) },
  { name: 'the same endorsement again with a changed signature', source: SIGNATURE,
    receipt: (world) => receipt(world, {}, ({ endorsements }) => { endorsements.push({ ...endorsements[0]!, signature: endorsements[1]!.signature }); }),
    upset: fails({ signatures: 'RECEIPT_SIGNATURE_WRONG' }) },
  { name: 'the high s', source: LOW_S, receipt: thirdSigns(({ key }, message) => signHigh(key, message)), upset: fails({ signatures: 'RECEIPT_SIGNATURE_NOT_CANONICAL' }) },
  { name: 'a byte after a signature', source: LOW_S, receipt: thirdSigns(({ key }, message) => Buffer.concat([signLow(key, message), Buffer.of(0)])), upset: fails({ signatures: 'RECEIPT_SIGNATURE_NOT_CANONICAL' }) },
  { name: 'a signature with a long-form length', source: LOW_S, receipt: thirdSigns(({ key }, message) => longForm(signLow(key, message))), upset: fails({ signatures: 'RECEIPT_SIGNATURE_NOT_CANONICAL' }) },
  { name: 'r and s zero', source: 'FIPS 186-5 section 6.4.2', receipt: thirdSigns(() => derSignature(0n, 0n)), upset: fails({ signatures: 'RECEIPT_SIGNATURE_NOT_CANONICAL' }) },
  { name: 'an empty signature', source: LOW_S, receipt: thirdSigns(() => new Uint8Array(0)), upset: fails({ signatures: 'RECEIPT_SIGNATURE_NOT_CANONICAL' }) },
];

const CERTIFICATE_ROWS: readonly Row[] = [
  { name: 'a certificate that expired a second before', source: RFC5280, receipt: thirdIs({ notAfter: NOW - 1000 }), upset: fails({ certificates: 'CERTIFICATE_EXPIRED' }) },
  { name: 'a certificate that begins a second after', source: RFC5280, receipt: thirdIs({ notBefore: NOW + 1000 }), upset: fails({ certificates: 'CERTIFICATE_NOT_YET_VALID' }) },
  { name: 'a certificate of an authority', source: MSP, receipt: thirdIs({ isAuthority: true, usages: x509.KeyUsageFlags.digitalSignature }), upset: fails({ certificates: 'CERTIFICATE_WRONG_USE' }) },
  { name: 'a certificate not for signing', source: RFC5280, receipt: thirdIs({ usages: x509.KeyUsageFlags.keyAgreement }), upset: fails({ certificates: 'CERTIFICATE_WRONG_USE' }) },
  { name: 'a certificate that says it is issued by another name', source: RFC5280, receipt: thirdIs({ issuer: 'CN=ca.org3, O=Org3, C=VN' }), upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
  { name: 'a certificate of a root that is not pinned', source: RFC5280,
    receipt: async (world) => withThird(world, await peerOf(await rootAuthority('Elsewhere'), 'Org3MSP')),
    upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
  { name: 'a certificate of another root with the same name', source: RFC5280,
    receipt: async (world) => withThird(world, await peerOf(await rootAuthority('Org3'), 'Org3MSP')),
    upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
  { name: 'a certificate that signed itself', source: RFC5280,
    receipt: async (world) => withThird(world, await selfSignedPeer('Org3MSP', subjectWith(', OU=peer'))),
    upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
  { name: 'a certificate issued by a peer', source: RFC5280,
    receipt: async (world) => withThird(world, await peerOf(await authorityOfKey(world.org3.peer, subjectWith(', OU=peer')), 'Org3MSP')),
    upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
  { name: 'a peer that claims another organisation', source: MSP,
    receipt: async (world) => withThird(world, { ...(await peerOf(world.org1.root, 'Org1MSP')), mspId: 'Org3MSP' }),
    upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
  { name: 'an organisation that is not pinned', source: MSP,
    receipt: async (world) => withThird(world, await peerOf(world.org3.root, 'Org4MSP')),
    upset: fails({ certificates: 'RECEIPT_ORGANISATION_UNKNOWN' }) },
  { name: 'an organisation named like a property of every object', source: MSP,
    receipt: (world) => withThird(world, { ...world.org3.peer, mspId: '__proto__' }),
    upset: fails({ certificates: 'RECEIPT_ORGANISATION_UNKNOWN' }) },
  { name: 'an organisation in other capitals', source: MSP,
    receipt: (world) => withThird(world, { ...world.org3.peer, mspId: 'org3MSP' }),
    upset: fails({ certificates: 'RECEIPT_ORGANISATION_UNKNOWN' }) },
  { name: 'an organisation without pinned roots', source: MSP, receipt: (w) => receipt(w), expected: (e) => pinning(e, 'Org3MSP', []), upset: fails({ certificates: 'CERTIFICATE_UNTRUSTED' }) },
];

const PATH_ROWS: readonly Row[] = [
  pinned('an impostor with the name of a root, signed by itself', { certificates: 'CERTIFICATE_UNTRUSTED' }, async () => {
    const subject = subjectWith(', OU=peer');
    const root = await rootAuthority('Org3', { subject });
    return { peer: await selfSignedPeer('Org3MSP', subject), pins: [root.pem] };
  }),
  pinned('a pinned root that is no authority', { certificates: 'CERTIFICATE_ISSUER_NOT_AUTHORITY' }, async () => {
    const root = await rootAuthority('Org3', { isAuthority: false, usages: x509.KeyUsageFlags.keyCertSign });
    return { peer: await peerOf(root, 'Org3MSP'), pins: [root.pem] };
  }),
  pinned('a pinned root that may not sign certificates', { certificates: 'CERTIFICATE_ISSUER_NOT_AUTHORITY' }, async () => {
    const root = await rootAuthority('Org3', { usages: x509.KeyUsageFlags.digitalSignature });
    return { peer: await peerOf(root, 'Org3MSP'), pins: [root.pem] };
  }),
  pinned('a pinned root that has expired', { certificates: 'CERTIFICATE_EXPIRED' }, async () => {
    const root = await rootAuthority('Org3', { notAfter: NOW - DAY });
    return { peer: await peerOf(root, 'Org3MSP'), pins: [root.pem] };
  }),
  pinned('a peer that issues, and is pinned by mistake', { certificates: 'CERTIFICATE_ISSUER_NOT_AUTHORITY' }, async ({ org3 }) => {
    const misused = await authorityOfKey(org3.peer, subjectWith(', OU=peer'));
    return { peer: await peerOf(misused, 'Org3MSP'), pins: [org3.root.pem, org3.peer.pem] };
  }),
  pinned('an intermediate that is not pinned', { certificates: 'CERTIFICATE_UNTRUSTED' }, async ({ org3 }) => {
    const intermediate = await intermediateAuthority(org3.root, 'Org3');
    return { peer: await peerOf(intermediate, 'Org3MSP'), pins: [org3.root.pem] };
  }),
  pinned('an intermediate whose root is not pinned', { certificates: 'CERTIFICATE_UNTRUSTED' }, async ({ org3 }) => {
    const intermediate = await intermediateAuthority(org3.root, 'Org3');
    return { peer: await peerOf(intermediate, 'Org3MSP'), pins: [intermediate.pem] };
  }),
  pinned('an intermediate that has expired', { certificates: 'CERTIFICATE_EXPIRED' }, async ({ org3 }) => {
    const intermediate = await intermediateAuthority(org3.root, 'Org3', { notAfter: NOW - DAY });
    return { peer: await peerOf(intermediate, 'Org3MSP'), pins: [org3.root.pem, intermediate.pem] };
  }),
  pinned('an intermediate below a root that allows none', { certificates: 'CERTIFICATE_ISSUER_NOT_AUTHORITY' }, async () => {
    const root = await rootAuthority('Org3', { pathLength: 0 });
    const intermediate = await intermediateAuthority(root, 'Org3');
    return { peer: await peerOf(intermediate, 'Org3MSP'), pins: [root.pem, intermediate.pem] };
  }),
  pinned('two intermediates', { certificates: 'CERTIFICATE_UNTRUSTED' }, async ({ org3 }) => {
    const upper = await intermediateAuthority(org3.root, 'Org3');
    const lower = await intermediateAuthority(upper, 'Org3-below');
    return { peer: await peerOf(lower, 'Org3MSP'), pins: [org3.root.pem, upper.pem, lower.pem] };
  }),
];

const attribute = (critical: boolean): x509.Extension => new x509.Extension('1.2.3.4.5.6.7.8.1', critical, Buffer.from('{"attrs":{}}'));

const CERTIFICATE_FORM_ROWS: readonly Row[] = [
  { name: 'a certificate with a P-384 key', source: 'RFC 5480; P-256 only', receipt: thirdIs({ curve: 'P-384' }), upset: { ...fails({ certificates: 'CERTIFICATE_UNSUPPORTED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'a certificate signed with SHA-384', source: 'RFC 5758; ecdsa-with-SHA256 only', receipt: thirdIs({ hash: 'SHA-384' }), upset: { ...fails({ certificates: 'CERTIFICATE_UNSUPPORTED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'an unknown critical extension', source: 'RFC 5280 section 4.2', receipt: thirdIs({ extensions: [attribute(true)] }), upset: { ...fails({ certificates: 'CERTIFICATE_UNSUPPORTED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'an extension twice', source: 'RFC 5280 section 4.2', receipt: thirdIs({ extensions: [attribute(false), attribute(false)] }), upset: { ...fails({ certificates: 'CERTIFICATE_MALFORMED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'text before the certificate', source: 'RFC 7468 section 5', receipt: (w) => withThird(w, { ...w.org3.peer, pem: `Org3\n${w.org3.peer.pem}` }), upset: { ...fails({ certificates: 'CERTIFICATE_MALFORMED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'two certificates', source: 'RFC 7468 section 5', receipt: (w) => withThird(w, { ...w.org3.peer, pem: w.org3.peer.pem + w.org3.root.pem }), upset: { ...fails({ certificates: 'CERTIFICATE_MALFORMED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'a byte after the certificate', source: 'X.690 section 10', receipt: (w) => withThird(w, { ...w.org3.peer, pem: pemOf(Buffer.concat([w.org3.peer.der, Buffer.of(0)])) }), upset: { ...fails({ certificates: 'CERTIFICATE_MALFORMED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'no certificate', source: 'fabric-protos msp/identities.proto', receipt: (w) => withThird(w, { ...w.org3.peer, pem: '' }), upset: { ...fails({ certificates: 'CERTIFICATE_MALFORMED' }), ...UNREADABLE_CERTIFICATE } },
  { name: 'an identity that is no message', source: 'fabric-protos msp/identities.proto',
    receipt: (w) => receipt(w, { endorser: (right, { mspId }) => (mspId === 'Org3MSP' ? Buffer.concat([right, right]) : right) }),
    upset: { ...fails({ certificates: 'RECEIPT_BYTES_MALFORMED' }), ...UNREADABLE_CERTIFICATE } },
];

const ROLE_ROWS: readonly Row[] = [
  { name: 'a client signs', source: NODE_OU, receipt: thirdIs({ subject: subjectWith(', OU=client') }), upset: fails({ peerRoles: 'RECEIPT_NOT_A_PEER' }) },
  { name: 'somebody without a role signs', source: NODE_OU, receipt: thirdIs({ subject: subjectWith('') }), upset: fails({ peerRoles: 'RECEIPT_NOT_A_PEER' }) },
  { name: 'a role in capitals', source: NODE_OU, receipt: thirdIs({ subject: subjectWith(', OU=Peer') }), upset: fails({ peerRoles: 'RECEIPT_NOT_A_PEER' }) },
  { name: 'peer and admin in one', source: NODE_OU, receipt: thirdIs({ subject: subjectWith(', OU=peer, OU=admin') }), upset: fails({ peerRoles: 'RECEIPT_NOT_A_PEER' }) },
  { name: 'the role in another attribute', source: NODE_OU, receipt: thirdIs({ subject: 'CN=peer, O=peer, L=peer' }), upset: fails({ peerRoles: 'RECEIPT_NOT_A_PEER' }) },
];

const tooFew = fails({ organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' });
const unusable = { signatures: unknown('RECEIPT_POLICY_UNUSABLE'), certificates: unknown('RECEIPT_POLICY_UNUSABLE'), peerRoles: unknown('RECEIPT_POLICY_UNUSABLE'), organisations: unknown('RECEIPT_POLICY_UNUSABLE') } as const;

const POLICY_ROWS: readonly Row[] = [
  { name: 'one organisation only', source: POLICY, receipt: (w) => receipt(w, { signers: [w.org1.peer] }), upset: tooFew },
  { name: 'the same endorser twice', source: POLICY, receipt: (w) => receipt(w, { signers: [w.org1.peer, w.org1.peer] }), upset: tooFew },
  { name: 'two peers of one organisation', source: POLICY, receipt: async (w) => receipt(w, { signers: [w.org1.peer, await peerOf(w.org1.root, 'Org1MSP')] }), upset: tooFew },
  { name: 'three organisations where four are needed', source: POLICY, receipt: (w) => receipt(w), expected: (e) => needing(e, 4), upset: tooFew },
  { name: 'an endorsement that does not hold is not counted', source: POLICY, receipt: thirdSigns(({ key }, message) => signHigh(key, message)), expected: (e) => needing(e, 3),
    upset: fails({ signatures: 'RECEIPT_SIGNATURE_NOT_CANONICAL', organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' }) },
  { name: 'an endorsement whose certificate has expired is not counted', source: POLICY, receipt: thirdIs({ notAfter: NOW - 1000 }), expected: (e) => needing(e, 3),
    upset: fails({ certificates: 'CERTIFICATE_EXPIRED', organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' }) },
  { name: 'an endorsement of a client is not counted', source: POLICY, receipt: thirdIs({ subject: subjectWith(', OU=client') }), expected: (e) => needing(e, 3),
    upset: fails({ peerRoles: 'RECEIPT_NOT_A_PEER', organisations: 'RECEIPT_TOO_FEW_ORGANISATIONS' }) },
  { name: 'a minimum of none', source: POLICY, receipt: (w) => receipt(w), expected: (e) => needing(e, 0), upset: unusable },
  { name: 'a minimum that is not whole', source: POLICY, receipt: (w) => receipt(w), expected: (e) => needing(e, 1.5), upset: unusable },
  { name: 'a peer role without a name', source: POLICY, receipt: (w) => receipt(w), expected: (e) => ({ ...e, policy: { ...e.policy, peerRole: '' } }), upset: unusable },
  { name: 'a pinned certificate that cannot be read', source: POLICY, receipt: (w) => receipt(w), expected: (e, w) => pinning(e, 'Org3MSP', [w.org3.root.pem.replace('MII', 'MIJ')]), upset: unusable },
  { name: 'one root pinned for two organisations', source: POLICY, receipt: (w) => receipt(w), expected: (e, w) => pinning(e, 'Org3MSP', [w.org3.root.pem, w.org1.root.pem]), upset: unusable },
];

export const ENDORSEMENT_ROWS: readonly Row[] = [...SIGNATURE_ROWS, ...CERTIFICATE_ROWS, ...PATH_ROWS, ...CERTIFICATE_FORM_ROWS, ...ROLE_ROWS, ...POLICY_ROWS];

/** The same signature with the length of its sequence in two bytes. */
function longForm(der: Uint8Array): Uint8Array {
  return Buffer.concat([der.subarray(0, 1), Buffer.of(0x81), der.subarray(1)]);
}

function pemOf(der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
