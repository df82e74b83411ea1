import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthority, openAuthority } from '../../network/enrolment/authority.js';
import type { Identity, Role } from '../../network/enrolment/identity.js';
import { loadIdentity, storeIdentity } from '../../network/enrolment/identity-files.js';
import { isLowS } from '../../network/enrolment/low-s-signature.js';
import { inTemporaryDirectory } from './temporary-ledger.js';

const { ClientIdentity } = createRequire(import.meta.url)('fabric-shim') as {
  ClientIdentity: new (stub: object) => { getMSPID(): string; getID(): string; getAttributeValue(name: string): string | null };
};

const NOW = new Date('2026-11-20T08:00:00Z');
const surroundings = { clock: () => NOW };

async function enrolled(role: Role = 'client', attributes: Record<string, string> = { role: 'enterprise', prefix: '8930001' }): Promise<{ root: Identity; member: Identity }> {
  const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca.industry' }, surroundings);
  return { root, member: await root.enrol({ commonName: 'thu-kho-1', role, attributes }) };
}

/** The certificate seen as a contract sees it. */
function asContractSees(member: Identity) {
  const creator = { mspid: member.mspId, idBytes: Buffer.from(member.certificatePem) };
  return new ClientIdentity({ getCreator: () => creator, getChannelID: () => 'c', getTxID: () => 't' });
}

describe('a root certificate', () => {
  test('is an authority of its own, valid for ten years', async () => {
    const certificate = new X509Certificate((await enrolled()).root.certificatePem);
    expect([certificate.ca, certificate.checkIssued(certificate), certificate.verify(certificate.publicKey)]).toEqual([true, true, true]);
    expect(certificate.subject).toBe('O=IndustryMSP\nCN=ca.industry');
    expect([new Date(certificate.validFrom), new Date(certificate.validTo)]).toEqual([new Date('2026-11-20T07:55:00Z'), new Date('2036-11-17T08:00:00Z')]);
  });
});

describe('a member\'s certificate', () => {
  test.each(['client', 'peer', 'orderer', 'admin'] as const)('names the role %s as its organisational unit', async (role) => {
    const { root, member } = await enrolled(role);
    const certificate = new X509Certificate(member.certificatePem);
    expect(certificate.subject).toBe(`O=IndustryMSP\nOU=${role}\nCN=thu-kho-1`);
    expect(certificate.checkIssued(new X509Certificate(root.certificatePem))).toBe(true);
    expect(certificate.verify(new X509Certificate(root.certificatePem).publicKey)).toBe(true);
  });

  test('is no authority, and its key only signs', async () => {
    const certificate = new X509Certificate((await enrolled()).member.certificatePem);
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    // 03 02 07 80: a bit string with digitalSignature alone (RFC 5280 section 4.2.1.3)
    expect(certificate.raw.includes(Buffer.from('551d0f0101ff040403020780', 'hex'))).toBe(true);
  });

  test('names its own key and its authority\'s (RFC 5280 sections 4.2.1.1 and 4.2.1.2)', async () => {
    const { root, member } = await enrolled();
    const keyId = (pem: string, oid: string): string => {
      const { raw } = new X509Certificate(pem);
      const at = raw.indexOf(Buffer.from(oid, 'hex'));
      return raw.subarray(at + 5 + (oid === '0603551d23' ? 4 : 2), at + 5 + (oid === '0603551d23' ? 26 : 24)).toString('hex').slice(-40);
    };
    expect(keyId(member.certificatePem, '0603551d23')).toBe(keyId(root.certificatePem, '0603551d0e'));
    expect(keyId(member.certificatePem, '0603551d0e')).not.toBe(keyId(root.certificatePem, '0603551d0e'));
  });

  test('fits its private key', async () => {
    const { member } = await enrolled();
    const signature = sign('sha256', Buffer.from('x'), createPrivateKey(member.privateKeyPem));
    expect(verify('sha256', Buffer.from('x'), new X509Certificate(member.certificatePem).publicKey, signature)).toBe(true);
  });

  test('is signed with a low s, so that Fabric does not rewrite it', async () => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' });
    for (let n = 0; n < 12; n += 1) {
      const { raw } = new X509Certificate((await root.enrol({ commonName: `m${n}`, role: 'client' })).certificatePem);
      expect(isLowS(signatureOf(raw))).toBe(true);
    }
  });

  test('carries attributes that a contract reads', async () => {
    const seen = asContractSees((await enrolled()).member);
    expect([seen.getMSPID(), seen.getAttributeValue('role'), seen.getAttributeValue('prefix'), seen.getAttributeValue('absent')])
      .toEqual(['IndustryMSP', 'enterprise', '8930001', null]);
    expect([seen.getAttributeValue('hf.Type'), seen.getAttributeValue('hf.EnrollmentID')]).toEqual(['client', 'thu-kho-1']);
    expect(seen.getID()).toBe('x509::/O=IndustryMSP/OU=client/CN=thu-kho-1::/O=IndustryMSP/CN=ca.industry');
  });

  test('cannot be given Fabric\'s own attributes by the caller', async () => {
    const seen = asContractSees((await enrolled('client', { 'hf.Type': 'admin', 'hf.EnrollmentID': 'somebody else' })).member);
    expect([seen.getAttributeValue('hf.Type'), seen.getAttributeValue('hf.EnrollmentID')]).toEqual(['client', 'thu-kho-1']);
  });

  test('keeps Vietnamese text and quotes in attributes', async () => {
    const seen = asContractSees((await enrolled('client', { name: 'Công ty "Đại Việt"' })).member);
    expect(seen.getAttributeValue('name')).toBe('Công ty "Đại Việt"');
  });

  test('cannot smuggle a role in through the name', async () => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' });
    const { subject } = new X509Certificate((await root.enrol({ commonName: 'x\nOU=admin', role: 'client' })).certificatePem);
    expect(subject.split('\n').filter((line) => line.startsWith('OU='))).toEqual(['OU=client']);
  });

  test.each(['', 'x'.repeat(65)])('needs a name of 1 to 64 characters: %j', async (commonName) => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' });
    await expect(root.enrol({ commonName, role: 'client' })).rejects.toThrow(RangeError);
  });

  test('is valid for as long as was asked', async () => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' });
    const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-02-01T00:00:00Z') };
    const certificate = new X509Certificate((await root.enrol({ commonName: 'm', role: 'client', validity })).certificatePem);
    expect([new Date(certificate.validFrom), new Date(certificate.validTo)]).toEqual([validity.notBefore, validity.notAfter]);
  });

  test('has the serial number that chance gave', async () => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' }, { randomBytes: (length) => new Uint8Array(length).fill(0xff) });
    const { serialNumber } = new X509Certificate((await root.enrol({ commonName: 'm', role: 'client' })).certificatePem);
    expect(serialNumber).toBe(`7F${'FF'.repeat(15)}`);
  });
});

describe('a TLS certificate', () => {
  const tls = async (hosts: readonly string[]): Promise<{ root: X509Certificate; certificate: X509Certificate }> => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'tlsca.industry' }, surroundings);
    const { certificatePem } = await root.enrolTls({ commonName: 'peer-IndustryMSP', hosts });
    return { root: new X509Certificate(root.certificatePem), certificate: new X509Certificate(certificatePem) };
  };

  test('stands for the names and addresses it was asked for', async () => {
    const { root, certificate } = await tls(['peer.industry.example', '127.0.0.1', '::1']);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:peer.industry.example, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(['peer.industry.example', 'other.example'].map((name) => certificate.checkHost(name))).toEqual(['peer.industry.example', undefined]);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  test('is good for servers and clients, is no authority, and names no role', async () => {
    const { certificate } = await tls(['localhost']);
    // RFC 5280 section 4.2.1.12: serverAuth and clientAuth
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect([certificate.ca, certificate.subject]).toEqual([false, 'O=IndustryMSP\nCN=peer-IndustryMSP']);
  });

  test('of a mere client stands for no name', async () => {
    expect((await tls([])).certificate.subjectAltName).toBeUndefined();
  });
});

describe('a certificate for a key that the member has', () => {
  test.each(['enrol', 'enrolTls'] as const)('%s: keeps the key', async (method) => {
    const root = await createAuthority({ mspId: 'IndustryMSP', commonName: 'ca' });
    const first = await root.enrol({ commonName: 'm', role: 'peer' });
    const again = await root[method]({ commonName: 'm', role: 'peer', hosts: [], privateKeyPem: first.privateKeyPem });
    const [before, after] = [first, again].map(({ certificatePem }) => new X509Certificate(certificatePem));
    expect(again.privateKeyPem).toBe(first.privateKeyPem);
    expect(after!.publicKey.equals(before!.publicKey)).toBe(true);
    expect(after!.serialNumber).not.toBe(before!.serialNumber);
  });
});

describe('files', () => {
  test('an authority opened again enrols members of the same root', async () => {
    const { root } = await enrolled();
    await inTemporaryDirectory(async (dir) => {
      await storeIdentity(join(dir, 'ca'), root);
      const stored = await loadIdentity(join(dir, 'ca'), 'IndustryMSP');
      const member = await (await openAuthority(stored!)).enrol({ commonName: 'later', role: 'client' });
      expect(new X509Certificate(member.certificatePem).verify(new X509Certificate(root.certificatePem).publicKey)).toBe(true);
    });
  });

  test('are readable by their owner alone', async () => {
    const { member } = await enrolled();
    await inTemporaryDirectory(async (dir) => {
      await storeIdentity(join(dir, 'm'), member);
      const modes = await Promise.all((await readdir(join(dir, 'm'))).map(async (name) => [name, (await stat(join(dir, 'm', name))).mode & 0o777]));
      expect(modes).toEqual([['certificate.pem', 0o600], ['key.pem', 0o600]]);
      expect((await stat(join(dir, 'm'))).mode & 0o777).toBe(0o700);
    });
  });

  test('half an identity is none', async () => {
    const { member } = await enrolled();
    await inTemporaryDirectory(async (dir) => {
      await mkdir(join(dir, 'half'));
      await writeFile(join(dir, 'half', 'key.pem'), member.privateKeyPem);
      expect(await loadIdentity(join(dir, 'half'), 'IndustryMSP')).toBeUndefined();
      expect(await loadIdentity(join(dir, 'none'), 'IndustryMSP')).toBeUndefined();
    });
  });
});

/** The last element of a certificate: its signature, behind the bit string's count of unused bits. */
function signatureOf(certificate: Buffer): Buffer {
  for (let at = certificate.length - 80; at < certificate.length; at += 1) {
    if (certificate[at] === 0x03 && certificate[at + 1] === certificate.length - at - 2 && certificate[at + 2] === 0) return certificate.subarray(at + 3);
  }
  throw new Error('no signature found');
}
