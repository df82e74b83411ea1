import { X509Certificate } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HostFolder } from '../../../network/fabric/network-folder.js';
import { makeOperationsIdentity } from '../../../network/fabric/operations-identity.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';
import { files } from './machines.js';

async function withHost(use: (host: HostFolder) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (dir) => {
    const host = new HostFolder(join(dir, 'RegulatorMSP'), 'RegulatorMSP');
    await makeOperationsIdentity(host);
    await use(host);
  });
}

const read = async (file: string): Promise<X509Certificate> => new X509Certificate(await readFile(file));

describe('the identity with which nodes are administered', () => {
  test('is a key for its owner alone, a client\'s certificate of ten years, and its root without the root\'s key', async () => {
    await withHost(async (host) => {
      expect([...(await files(host.operations)).keys()].toSorted()).toEqual(['certificate.pem', 'key.pem', 'root.pem']);
      expect((await stat(join(host.operations, 'key.pem'))).mode & 0o777).toBe(0o600);
      const [certificate, root] = [await read(join(host.operations, 'certificate.pem')), await read(host.operationsRoot)];
      expect([certificate.verify(root.publicKey), certificate.ca, certificate.subjectAltName, certificate.validTo]).toEqual([true, false, undefined, root.validTo]);
      expect(Date.parse(root.validTo) - Date.now()).toBeGreaterThan(9 * 365 * 86_400_000);
    });
  });

  test('stays as it is once it is there', async () => {
    await withHost(async (host) => {
      const before = await files(host.operations);
      await makeOperationsIdentity(host);
      expect(await files(host.operations)).toEqual(before);
    });
  });

  test.each(['certificate.pem', 'key.pem', 'root.pem'])('is made anew, and fits together, where %s is gone', async (gone) => {
    await withHost(async (host) => {
      const before = await read(join(host.operations, 'certificate.pem'));
      await rm(join(host.operations, gone));
      await makeOperationsIdentity(host);
      const [certificate, root] = [await read(join(host.operations, 'certificate.pem')), await read(host.operationsRoot)];
      expect([certificate.serialNumber === before.serialNumber, certificate.verify(root.publicKey)]).toEqual([false, true]);
    });
  });
});
