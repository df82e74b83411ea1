import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { certificateFromPem } from '../../verifier/core/pem.js';
import { Refusal } from '../../verifier/core/refusal.js';
import { chainsToRoot } from '../../verifier/core/certificate-path.js';
import { type Certificate, parseCertificate } from '../../verifier/core/x509.js';
import { nodeCrypto } from '../../verifier/server/node-crypto.js';
import { type Authority, bareCertificate, intermediateAuthority, NOW, peerOf, rootAuthority, type Signer } from './certificate-builder.js';
import { OPENSSL_INTERMEDIATE, OPENSSL_PEER, OPENSSL_ROOT } from './openssl-certificates.js';

const derOf = (pem: string): Uint8Array => certificateFromPem(pem)!;

describe('certificates made by OpenSSL', () => {
  test('the peer', () => {
    const peer = parseCertificate(derOf(OPENSSL_PEER));
    expect(peer).toMatchObject({
      subject: { commonName: 'peer0.thuy.example', organisationalUnits: ['kho', 'peer'] },
      issuer: { commonName: 'ica.thuy.example', organisationalUnits: [] },
      notBefore: Date.UTC(2026, 10, 20, 21, 43, 43),
      notAfter: Date.UTC(2054, 3, 7, 21, 43, 43),
      isAuthority: false, pathLength: Infinity, signsData: true, signsCertificates: false,
    });
  });

  test.each([
    ['the root', OPENSSL_ROOT, { isAuthority: true, pathLength: Infinity, signsData: false, signsCertificates: true }],
    ['the intermediate', OPENSSL_INTERMEDIATE, { isAuthority: true, pathLength: 0, signsData: false, signsCertificates: true }],
  ])('%s', (_, pem, use) => {
    expect(parseCertificate(derOf(pem))).toMatchObject(use);
  });

  const [root, intermediate, peer] = [OPENSSL_ROOT, OPENSSL_INTERMEDIATE, OPENSSL_PEER].map((pem) => parseCertificate(derOf(pem))) as [Certificate, Certificate, Certificate];
  const within = Date.UTC(2030, 0, 1);

  test.each([
    ['over the intermediate, whatever the order of the pins', [intermediate, root], within, { result: 'pass' }],
    ['at the first instant', [root, intermediate], peer.notBefore, { result: 'pass' }],
    ['at the last instant', [root, intermediate], peer.notAfter, { result: 'pass' }],
    ['a millisecond before the first', [root, intermediate], peer.notBefore - 1, { result: 'fail', code: 'CERTIFICATE_NOT_YET_VALID' }],
    ['a millisecond after the last', [root, intermediate], peer.notAfter + 1, { result: 'fail', code: 'CERTIFICATE_EXPIRED' }],
    ['without the intermediate', [root], within, { result: 'fail', code: 'CERTIFICATE_UNTRUSTED' }],
    ['without the root', [intermediate], within, { result: 'fail', code: 'CERTIFICATE_UNTRUSTED' }],
    ['with nothing pinned', [], within, { result: 'fail', code: 'CERTIFICATE_UNTRUSTED' }],
    ['pinned itself, which makes it no root', [peer], within, { result: 'fail', code: 'CERTIFICATE_UNTRUSTED' }],
  ] as const)('the path %s', async (_, pinned, at, outcome) => {
    expect(await chainsToRoot(peer, pinned, at, nodeCrypto())).toEqual(outcome);
  });
});

describe('certificates of this run', () => {
  let root: Authority;
  let peer: Signer;

  beforeAll(async () => {
    root = await rootAuthority('Org1');
    peer = await peerOf(root, 'Org1MSP');
  });

  test('agree with what the platform reads', async () => {
    const intermediate = await intermediateAuthority(root, 'Org1', { pathLength: 0 });
    for (const der of [root.der, intermediate.der, peer.der]) {
      const ours = parseCertificate(der);
      const theirs = new X509Certificate(der);
      expect(Buffer.from(ours.spki)).toEqual(theirs.publicKey.export({ format: 'der', type: 'spki' }));
      expect([ours.notBefore, ours.notAfter]).toEqual([Date.parse(theirs.validFrom), Date.parse(theirs.validTo)]);
      expect(ours.isAuthority).toBe(theirs.ca);
      expect(theirs.subject).toContain(`CN=${ours.subject.commonName}`);
    }
  });

  test('both spellings of an authority signature are accepted: X.509 has no low-s rule', async () => {
    const trusted = [parseCertificate(root.der)];
    for (let i = 0; i < 12; i++) {
      const { der } = await peerOf(root, 'Org1MSP');
      expect(await chainsToRoot(parseCertificate(der), trusted, NOW, nodeCrypto())).toEqual({ result: 'pass' });
    }
  });

  test('a path of two intermediates is too long', async () => {
    const upper = await intermediateAuthority(root, 'Upper');
    const lower = await intermediateAuthority(upper, 'Lower');
    const pinned = [root, upper, lower].map(({ der }) => parseCertificate(der));
    const far = parseCertificate((await peerOf(lower, 'Org1MSP')).der);
    expect(await chainsToRoot(far, pinned, NOW, nodeCrypto())).toEqual({ result: 'fail', code: 'CERTIFICATE_UNTRUSTED' });
  });

  test('one flipped bit anywhere is refused, or breaks the path', async () => {
    const trusted = [parseCertificate(root.der)];
    const crypto = nodeCrypto();
    const passed: number[] = [];
    for (let at = 0; at < peer.der.length; at++) {
      const changed = peer.der.with(at, (peer.der[at] ?? 0) ^ (1 << (at % 8)));
      const certificate = attempt(changed);
      if (certificate instanceof Refusal) continue;
      if ((await chainsToRoot(certificate, trusted, NOW, crypto)).result === 'pass') passed.push(at);
    }
    expect(passed).toEqual([]);
  });

  test('any bytes are read or refused, never anything else', () => {
    const splice = fc.record({ at: fc.nat(peer.der.length - 1), cut: fc.nat(20), put: fc.uint8Array({ maxLength: 20 }) });
    fc.assert(fc.property(splice, ({ at, cut, put }) => {
      const changed = Buffer.concat([peer.der.subarray(0, at), put, peer.der.subarray(at + cut)]);
      const answer = attempt(new Uint8Array(changed));
      expect(answer instanceof Refusal ? ['CERTIFICATE_MALFORMED', 'CERTIFICATE_UNSUPPORTED'] : [answer.spki.length])
        .toContain(answer instanceof Refusal ? answer.code : 91);
    }), { numRuns: 3000 });
  });

  test('a certificate without extensions issues nothing', async () => {
    expect(parseCertificate(await bareCertificate(root))).toMatchObject({ isAuthority: false, signsData: true, subject: { commonName: 'bare', organisationalUnits: [] } });
  });
});

function attempt(der: Uint8Array): Certificate | Refusal {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
