/** Clients of a network, enrolled by the authorities that this machine holds. */
import { join } from 'node:path';
import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
import type { ConnectionFile } from '../../network/fabric/connection-file.js';
import { openAuthority } from '../../network/enrolment/authority.js';
import { loadIdentity } from '../../network/enrolment/identity-files.js';
import type { Identity } from '../../network/enrolment/identity.js';
import { connectClient, type LedgerClient } from '../ledger-suite/ledger-client.js';
import type { CommandNetwork } from './network-command.js';

/** @param attributes e.g. `{ role: 'enterprise' }` */
export async function enrolClient({ folder }: CommandNetwork, mspId: string, attributes: Readonly<Record<string, string>>): Promise<Identity> {
  const authority = await loadIdentity(join(folder.host(mspId).authority), mspId);
  if (authority === undefined) throw new Error(`no authority of ${mspId}`);
  return (await openAuthority(authority)).enrol({ commonName: 'tester', role: 'client', attributes });
}

/** Where an organisation's peer is, and what it is trusted by. */
export function peerOf({ peers }: ConnectionFile, mspId: string): { readonly address: string; readonly tls: ChannelCredentials } {
  const peer = peers.find((one) => one.mspId === mspId);
  if (peer === undefined) throw new Error(`no peer of ${mspId}`);
  return { address: peer.address, tls: credentials.createSsl(Buffer.from(peer.tlsRoot)) };
}

/** Runs `use` with a client of the registrar, connected to an organisation's peer. */
export async function withClient<T>(network: CommandNetwork, peer: string, use: (client: LedgerClient) => Promise<T>): Promise<T> {
  const connection = await network.connection();
  const identity = await enrolClient(network, 'RegulatorMSP', { role: 'registrar', org: 'so-dang-ky' });
  const client = connectClient({ ...peerOf(connection, peer), channel: connection.channel, identity });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
