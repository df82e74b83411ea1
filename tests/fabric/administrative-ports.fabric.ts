/** Who may administer a node: the ports for that take one certificate, which nobody but this machine's commands and watch has. */
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { HostFolder } from '../../network/fabric/network-folder.js';
import { serversOf } from '../../network/fabric/server-order.js';
import { ordererOrganisations, peerOrganisations } from '../../network/fabric/topology.js';
import { CommandNetwork } from './network-command.js';

const network = CommandNetwork.shared(inject('fabricFolder'), inject('fabricPortBase'));
const regulator = network.folder.host('RegulatorMSP');
const CHANNELS = '/participation/v1/channels';

/** Folders of an identity for TLS, by whose it is. */
const STRANGERS: Readonly<Record<string, (host: HostFolder) => string>> = {
  'the chaincode server': (host) => serversOf(host)[0]!.folder.serverTls,
  'the peer, as it comes to the chaincode server': (host) => serversOf(host)[0]!.folder.clientTls,
  'the peer': (host) => host.peer.tls,
  'the orderer itself': (host) => host.orderer.tls,
  'the organisation\'s administrator': (host) => host.admin.tls,
  'whoever administers another organisation\'s nodes': () => network.folder.host('IndustryMSP').operations,
};

/** @returns the status, or the name of the alert with which TLS refused (RFC 8446 section 6.2) */
async function asked(port: number, path: string, identity: string, method = 'GET'): Promise<number | string> {
  const [ca, cert, key] = await Promise.all([regulator.orderer.tlsRoot, join(identity, 'certificate.pem'), join(identity, 'key.pem')].map((file) => readFile(file)));
  return new Promise((resolve) => {
    const sent = request({ host: 'localhost', port, path, method, ca, cert, key, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => { resolve(/alert ([a-z ]+)/.exec(error.message)?.[1] ?? error.code ?? error.message); });
    sent.end();
  });
}

describe('the ports that administer the nodes', () => {
  let admin: number;
  let operations: readonly number[];

  beforeAll(async () => {
    const { topology } = await network.open();
    const [{ orderer }, { peer }] = [ordererOrganisations(topology)[0]!, peerOrganisations(topology)[0]!];
    admin = orderer.admin;
    operations = [orderer.operations, peer.operations];
  });

  test.each(Object.entries(STRANGERS))('refuse %s', async (_, identityOf) => {
    const identity = identityOf(regulator);
    expect(await asked(admin, CHANNELS, identity)).toMatch(/^unknown ca|^bad certificate/);
    expect(await asked(admin, `${CHANNELS}/minhchung`, identity, 'DELETE')).toMatch(/^unknown ca|^bad certificate/);
    for (const port of operations) expect(await asked(port, '/metrics', identity)).toMatch(/^unknown ca|^bad certificate/);
  });

  test('answer the one identity that is made for it', async () => {
    expect(await asked(admin, CHANNELS, regulator.operations)).toBe(200);
    for (const port of operations) for (const path of ['/metrics', '/healthz']) expect({ port, path, status: await asked(port, path, regulator.operations) }).toEqual({ port, path, status: 200 });
  });
});
