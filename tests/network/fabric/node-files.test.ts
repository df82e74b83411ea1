import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { makeOrganisation } from '../../../network/fabric/certificates.js';
import { channelProfile } from '../../../network/fabric/channel-profile.js';
import { writeExternalBuilder } from '../../../network/fabric/external-builder.js';
import { headerHashOfBlock0 } from '../../../network/fabric/genesis-block.js';
import { HostFolder, NetworkFolder } from '../../../network/fabric/network-folder.js';
import { ordererSettings, peerSettings } from '../../../network/fabric/node-settings.js';
import { ordererOrganisations, peerOrganisations, planTopology } from '../../../network/fabric/topology.js';
import { inTemporaryDirectory } from '../temporary-ledger.js';

const folder = new NetworkFolder('/net');
const bft = planTopology({ consensus: 'bft', portBase: 17_000 });

interface Profile {
  readonly Profiles: { readonly Channel: { readonly Orderer: Record<string, unknown> & { Organizations: { ID: string; Policies: Record<string, { Rule: string }> }[] }; readonly Application: { Organizations: { ID: string }[] }; readonly Capabilities: object } };
}

const profileOf = (topology: typeof bft): Profile['Profiles']['Channel'] => (channelProfile(topology, folder) as Profile).Profiles.Channel;

describe('the channel', () => {
  test('has organisations with peers in one group, those with orderers in the other', () => {
    const { Application, Orderer } = profileOf(bft);
    expect(Application.Organizations.map(({ ID }) => ID)).toEqual(['RegulatorMSP', 'IndustryMSP', 'EducationMSP']);
    expect(Orderer.Organizations.map(({ ID }) => ID)).toEqual(['RegulatorMSP', 'IndustryMSP', 'EducationMSP', 'OperatorMSP']);
  });

  test('names four consenters by number and certificate under BFT, and cuts blocks every 10 ms', () => {
    const { Orderer, Capabilities } = profileOf(bft);
    expect(Capabilities).toEqual({ V3_0: true });
    expect(Orderer).toMatchObject({ OrdererType: 'BFT', SmartBFT: { RequestBatchMaxInterval: '10ms', LeaderHeartbeatTimeout: '3s', RequestComplainTimeout: '3s', ViewChangeTimeout: '5s' } });
    expect(Orderer['ConsenterMapping']).toEqual(['RegulatorMSP', 'IndustryMSP', 'EducationMSP', 'OperatorMSP'].map((mspId, index) => ({
      ID: index + 1, MSPID: mspId, Host: 'localhost', Port: 17_111 + 100 * index, Identity: `/net/hosts/${mspId}/orderer/msp/signcerts/certificate.pem`,
      ClientTLSCert: `/net/hosts/${mspId}/orderer/tls/certificate.pem`, ServerTLSCert: `/net/hosts/${mspId}/orderer/tls/certificate.pem`,
    })));
  });

  test('has Raft nodes that elect within a second or two', () => {
    const { Orderer } = profileOf(planTopology({ consensus: 'raft', portBase: 17_000 }));
    expect(Orderer).toMatchObject({ OrdererType: 'etcdraft', BatchTimeout: '10ms', EtcdRaft: { Options: { TickInterval: '100ms' }, Consenters: [{ Port: 17_111 }, { Port: 17_211 }, { Port: 17_311 }] } });
  });

  test('lets clients write transactions and orderers blocks, not the other way round', () => {
    const { Application, Orderer } = profileOf(bft) as unknown as { Application: Profile['Profiles']['Channel']['Orderer']; Orderer: Profile['Profiles']['Channel']['Orderer'] };
    expect(Application.Organizations[0]?.Policies['Writers']?.Rule).toBe('OR(\'RegulatorMSP.admin\', \'RegulatorMSP.client\')');
    expect(Orderer.Organizations[0]?.Policies['Writers']?.Rule).toBe('OR(\'RegulatorMSP.admin\', \'RegulatorMSP.orderer\')');
    expect(Application.Organizations[0]?.Policies['Endorsement']?.Rule).toBe('OR(\'RegulatorMSP.peer\')');
  });
});

describe('settings of a node', () => {
  test('an orderer asks for a certificate on its administrative ports, and keeps its data in its folder', () => {
    const [regulator] = ordererOrganisations(bft);
    expect(ordererSettings(regulator!, folder)).toMatchObject({
      General: { ListenAddress: '127.0.0.1', ListenPort: 17_111, LocalMSPID: 'RegulatorMSP', BootstrapMethod: 'none', TLS: { Enabled: true } },
      Admin: { ListenAddress: '127.0.0.1:17112', TLS: { Enabled: true, ClientAuthRequired: true, ClientRootCAs: ['/net/hosts/RegulatorMSP/operations/root.pem'] } },
      Operations: { TLS: { Enabled: true, ClientAuthRequired: true, ClientRootCAs: ['/net/hosts/RegulatorMSP/operations/root.pem'] } },
      ChannelParticipation: { Enabled: true, MaxRequestBodySize: 10_485_760 },
      FileLedger: { Location: '/net/hosts/RegulatorMSP/orderer/data/ledger' },
    });
  });

  test('a peer has no Docker, our builder, and every handler that has no default', () => {
    const [regulator] = peerOrganisations(bft);
    expect(peerSettings(regulator!, folder)).toMatchObject({
      vm: { endpoint: '' },
      peer: { localMspId: 'RegulatorMSP', address: 'localhost:17101', tls: { enabled: true }, gateway: { enabled: true }, discovery: { enabled: true }, handlers: { validators: { vscc: { name: 'DefaultValidation' } } } },
      chaincode: { externalBuilders: [{ name: 'service', path: '/net/hosts/RegulatorMSP/peer/builder' }], system: { _lifecycle: 'enable', qscc: 'enable' } },
      ledger: { history: { enableHistoryDatabase: true } },
      operations: { listenAddress: '127.0.0.1:17103', tls: { enabled: true, clientAuthRequired: true, clientRootCAs: { files: ['/net/hosts/RegulatorMSP/operations/root.pem'] } } },
    });
  });

  test('a peer pulls its blocks itself, and meets the others soon', () => {
    const [regulator] = peerOrganisations(bft);
    expect(peerSettings(regulator!, folder)).toMatchObject({ peer: { gossip: { orgLeader: true, useLeaderElection: false, state: { enabled: false }, reconnectInterval: '500ms' }, deliveryclient: { blockGossipEnabled: false } } });
  });
});

describe('an organisation\'s folder', () => {
  test('has an MSP with roles, nodes with keys for their owner alone, and two authorities that differ', async () => {
    await inTemporaryDirectory(async (dir) => {
      const host = new HostFolder(join(dir, 'RegulatorMSP'), 'RegulatorMSP');
      await makeOrganisation(host, bft.organisations[0]!);
      expect((await readdir(host.msp)).toSorted()).toEqual(['cacerts', 'config.yaml', 'tlscacerts']);
      expect(JSON.parse(await readFile(join(host.msp, 'config.yaml'), 'utf8'))).toEqual({ NodeOUs: {
        Enable: true, ClientOUIdentifier: { OrganizationalUnitIdentifier: 'client' }, PeerOUIdentifier: { OrganizationalUnitIdentifier: 'peer' },
        AdminOUIdentifier: { OrganizationalUnitIdentifier: 'admin' }, OrdererOUIdentifier: { OrganizationalUnitIdentifier: 'orderer' },
      } });
      for (const node of [host.peer, host.orderer, host.admin]) expect([(await stat(node.key)).mode & 0o777, (await stat(node.tlsKey)).mode & 0o777]).toEqual([0o600, 0o600]);
      const [root, tlsRoot] = await Promise.all(['cacerts', 'tlscacerts'].map(async (name) => new X509Certificate(await readFile(join(host.msp, name, 'root.pem')))));
      expect(root!.fingerprint256).not.toBe(tlsRoot!.fingerprint256);
      const [member, tls] = await Promise.all([host.orderer.certificate, host.orderer.tlsCertificate].map(async (file) => new X509Certificate(await readFile(file))));
      expect([member!.subject, member!.verify(root!.publicKey), tls!.verify(tlsRoot!.publicKey), tls!.verify(root!.publicKey)]).toEqual(['O=RegulatorMSP\nOU=orderer\nCN=orderer-RegulatorMSP', true, true, false]);
      expect([tls!.subject, tls!.subjectAltName]).toEqual(['O=RegulatorMSP\nCN=orderer-RegulatorMSP', 'DNS:localhost, IP Address:127.0.0.1']);
    });
  });
});

/** Runs a script of the external builder as the peer does. */
async function builderScript(host: HostFolder, name: string, ...parameters: string[]): Promise<boolean> {
  return promisify(execFile)(join(host.peer.externalBuilder, 'bin', name), parameters).then(() => true, () => false);
}

describe('the external builder', () => {
  async function withBuilder(use: (host: HostFolder, dir: string) => Promise<void>): Promise<void> {
    await inTemporaryDirectory(async (dir) => {
      const host = new HostFolder(join(dir, 'host'), 'RegulatorMSP');
      await writeExternalBuilder(host.peer);
      for (const name of ['source', 'metadata', 'output', 'release']) await mkdir(join(dir, name));
      await use(host, dir);
    });
  }

  test.each([['ccaas', true], ['golang', false]])('takes packages of type %s: %s', async (type, taken) => {
    await withBuilder(async (host, dir) => {
      await writeFile(join(dir, 'metadata', 'metadata.json'), JSON.stringify({ type, label: 'x' }));
      expect(await builderScript(host, 'detect', join(dir, 'source'), join(dir, 'metadata'))).toBe(taken);
    });
  });

  test('releases the connection that the organisation itself has for the label', async () => {
    await withBuilder(async (host, dir) => {
      await mkdir(host.chaincode('minhchung-01').client, { recursive: true });
      await writeFile(host.chaincode('minhchung-01').connection, '{"address":"localhost:17104"}');
      await writeFile(join(dir, 'source', 'label'), 'minhchung-01');
      expect(await builderScript(host, 'build', join(dir, 'source'), join(dir, 'metadata'), join(dir, 'output'))).toBe(true);
      expect(await builderScript(host, 'release', join(dir, 'output'), join(dir, 'release'))).toBe(true);
      expect(await readFile(join(dir, 'release', 'chaincode', 'server', 'connection.json'), 'utf8')).toBe('{"address":"localhost:17104"}');
    });
  });

  test.each(['../../secret', '', 'a b', '$(id)', 'a;b'])('refuses the label %j', async (label) => {
    await withBuilder(async (host, dir) => {
      await writeFile(join(dir, 'source', 'label'), label);
      expect(await builderScript(host, 'build', join(dir, 'source'), join(dir, 'metadata'), join(dir, 'output'))).toBe(false);
    });
  });

  test('releases nothing for a server that the organisation does not have', async () => {
    await withBuilder(async (host, dir) => {
      await writeFile(join(dir, 'output', 'label'), 'minhchung-02');
      expect(await builderScript(host, 'release', join(dir, 'output'), join(dir, 'release'))).toBe(false);
    });
  });
});

describe('the hash of block 0', () => {
  const dataHash = Buffer.alloc(32, 7);
  const block = (header: Buffer): Buffer => Buffer.concat([Buffer.of(0x0a, header.length), header]);

  test('is over number 0, no previous block, and the hash of the content', () => {
    // echo -n 3027020100040004200707… | xxd -r -p | sha256sum
    expect(headerHashOfBlock0(block(Buffer.concat([Buffer.of(0x1a, 32), dataHash])))).toBe('2cafbb2af7800763bde49f0538ca65fca417ad4bd43b8012a6efcf1b769cb56c');
  });

  test('of what is no block 0 does not exist', () => {
    expect(() => headerHashOfBlock0(block(Buffer.concat([Buffer.of(0x08, 0x01, 0x1a, 32), dataHash])))).toThrow('block 0');
    expect(() => headerHashOfBlock0(Buffer.alloc(3))).toThrow('block 0');
  });
});
