/** Has the channel's configuration name an orderer by its newest certificates. */
import { readFile } from 'node:fs/promises';
import { changeChannel } from './membership.js';
import { withOrdererCertificates } from './membership-edits.js';
import type { Network } from './network.js';
import { isSpread } from './nodes-here.js';
import { ordererHost, ordererOrganisations, type OrdererOrganisation } from './topology.js';

/**
 * The orderers go by their keys, but whoever reads the channel's configuration should find certificates that are valid. A
 * Raft node hands the lead on before its own certificate is changed there, which one that is alone cannot; and where the
 * administrators are on several machines, such a change travels as a file.
 */
export async function nameOrderer(network: Network, organisation: OrdererOrganisation): Promise<void> {
  if (ordererOrganisations(network.topology).length === 1 || isSpread(network)) return;
  const { mspId, orderer } = organisation;
  const node = network.folder.host(mspId).orderer;
  const [identity, tls] = await Promise.all([readFile(node.certificate, 'utf8'), readFile(node.tlsCertificate, 'utf8')]);
  await changeChannel(network, withOrdererCertificates({ host: ordererHost(organisation), port: orderer.service, identity, tls }));
}
