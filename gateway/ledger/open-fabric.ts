/** Opens a Fabric network as its `connection.json` describes it. Of `network/`, this file knows the enrolment alone. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CONTROLLED_COLLECTION, REGULATOR } from '#domain/endorsement.js';
import { Problem } from '#domain/errors.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { openAuthority, type Authority } from '../../network/enrolment/authority.js';
import { loadIdentity } from '../../network/enrolment/identity-files.js';
import { readClientCertificate } from '../../network/enrolment/member-certificate.js';
import { parseConnection, type NetworkConnection } from './connection-file.js';
import type { FabricLedgerOptions } from './fabric-ledger.js';
import type { OpenedLedger } from './opened-ledger.js';

export interface OpenFabricOptions {
  /** path of `connection.json` */
  readonly file: string;
  /** whose peers are asked first, e.g. `RegulatorMSP`; also the member in whose name the gateway reads */
  readonly organisation: string;
}

/** Whoever wants to deceive needs two organisations. */
const MINIMUM_ORGANISATIONS = 2;
const WATCH_EVERY_MS = 1000;

/**
 * Reads the file; the network itself is asked when it is first needed.
 *
 * @throws Problem FABRIC_CONNECTION_WRONG: no such file, not readable, or `organisation` has no root in it
 */
export async function openFabric({ file, organisation }: OpenFabricOptions): Promise<OpenedLedger> {
  const network = parseConnection(await contentOf(file));
  if (!Object.hasOwn(network.roots, organisation)) throw new Problem('FABRIC_CONNECTION_WRONG', { field: `roots.${organisation}`, reason: 'FIELD_MISSING' });
  const authorityOf = authorities(network, dirname(file));
  return {
    connection: connectionOf(network, organisation),
    ownOrganisation: organisation,
    trust: trustOf(network),
    enrol: async ({ mspId, ...request }) => {
      const enrolled = await (await authorityOf(mspId)).enrol({ ...request, role: 'client' });
      return { mspId, certificate: enrolled.certificatePem, privateKey: enrolled.privateKeyPem };
    },
    certify: async ({ mspId, ...request }, certificationRequest) => (await authorityOf(mspId)).certify({ ...request, role: 'client' }, certificationRequest),
    clientOf: async (certificate) => readClientCertificate(certificate, network.roots, Date.now()),
    failure: () => undefined,
    close: async () => undefined,
  };
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Problem('FABRIC_CONNECTION_WRONG', { file, reason: code });
  }
}

function connectionOf({ channel, chaincode, peers, genesisHash }: NetworkConnection, organisation: string): Omit<FabricLedgerOptions, 'identity'> {
  const own = peers.filter(({ mspId }) => mspId === organisation);
  const others = peers.filter(({ mspId }) => mspId !== organisation);
  return {
    channel, chaincode, genesisHash, minimumOrganisations: MINIMUM_ORGANISATIONS, watchEveryMs: WATCH_EVERY_MS,
    requiredEndorsers: { [CONTROLLED_COLLECTION]: [REGULATOR] },
    peers: [...own, ...others].map(({ mspId, address, tlsRoot }) => ({ mspId, address, tls: { rootCertificate: tlsRoot } })),
  };
}

/** A network of one organisation can prove no more than the embedded ledger does. */
function trustOf({ channel, chaincode, roots, revocationLists }: NetworkConnection): TrustRoots {
  const several = Object.keys(roots).length > 1;
  return {
    channel, chaincode, roots, minimumOrganisations: several ? MINIMUM_ORGANISATIONS : 1, ledger: several ? 'fabric' : 'embedded',
    ...(revocationLists === undefined ? {} : { revocationLists }),
  };
}

/** Each authority that this machine keeps is opened once: its certificate is one of the network's roots. */
function authorities({ authorities: folders, roots }: NetworkConnection, base: string): (mspId: string) => Promise<Authority> {
  const opened = new Map<string, Promise<Authority>>();
  const open = async (mspId: string): Promise<Authority> => {
    const folder = folders[mspId];
    const identity = folder === undefined ? undefined : await loadIdentity(resolve(base, folder), mspId);
    if (identity === undefined || roots[mspId]?.some((root) => root.trim() === identity.certificatePem.trim()) !== true) {
      throw new Problem('ENROLMENT_ELSEWHERE', { organisation: mspId });
    }
    return openAuthority(identity);
  };
  return async (mspId) => {
    const authority = opened.get(mspId) ?? open(mspId);
    opened.set(mspId, authority);
    authority.catch(() => opened.delete(mspId));
    return authority;
  };
}
