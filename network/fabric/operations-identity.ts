/**
 * With what an organisation's nodes on this machine are administered: their administrative and operations ports trust one root
 * that has signed this one certificate and nothing else. Under the root of the TLS certificates, whoever has any of those could
 * have an orderer leave the channel, a chaincode server too.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createAuthority } from '../enrolment/authority.js';
import { loadIdentity, storeIdentity, writeDurably } from '../enrolment/identity-files.js';
import type { HostFolder } from './network-folder.js';

/**
 * Makes the key, its certificate and the root that the ports trust, unless they are there. They never leave this machine, and
 * last as long as an authority: ten years. The root's own key is kept nowhere. Without the folder, each node gets others when it
 * is started the next time.
 */
export async function makeOperationsIdentity({ mspId, operations, operationsRoot }: Pick<HostFolder, 'mspId' | 'operations' | 'operationsRoot'>): Promise<void> {
  if (existsSync(operationsRoot) && await loadIdentity(operations, mspId) !== undefined) return;
  const root = await createAuthority({ mspId, commonName: `operations.${mspId}` });
  const { validFrom, validTo } = new X509Certificate(root.certificatePem);
  const identity = await root.enrolTls({ commonName: `operations of ${mspId}`, hosts: [], validity: { notBefore: new Date(validFrom), notAfter: new Date(validTo) } });
  // Last comes the root, or after a crash it would be that of another certificate.
  await rm(operationsRoot, { force: true });
  await storeIdentity(operations, identity);
  await writeDurably(operationsRoot, root.certificatePem);
}
