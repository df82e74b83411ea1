/** `orderer.yaml` and `core.yaml` of the nodes, written anew before each start. JSON is YAML. Left out is what Fabric sets well by itself. */
import { join } from 'node:path';
import type { NetworkFolder } from './network-folder.js';
import { ON_THIS_MACHINE, type OrdererOrganisation, type PeerOrganisation } from './topology.js';

/** Bytes of a block that may be posted to join a channel; left out, Fabric takes it for 0. */
const LARGEST_GENESIS = 10 * 1024 * 1024;

const CRYPTO = { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } };

/** @returns the content of an orderer's `orderer.yaml` */
export function ordererSettings({ mspId, listen, orderer }: OrdererOrganisation, folder: NetworkFolder): object {
  const { orderer: node, operationsRoot } = folder.host(mspId);
  const tls = { Enabled: true, PrivateKey: node.tlsKey, Certificate: node.tlsCertificate };
  const administered = { ...tls, ClientAuthRequired: true, ClientRootCAs: [operationsRoot] };
  return {
    General: {
      ListenAddress: listen, ListenPort: orderer.service, LocalMSPID: mspId, LocalMSPDir: node.msp, BootstrapMethod: 'none',
      TLS: { ...tls, RootCAs: [node.tlsRoot], ClientAuthRequired: false },
      Cluster: { ClientCertificate: node.tlsCertificate, ClientPrivateKey: node.tlsKey },
      // gRPC sends away ("too_many_pings") who asks more often than this; peers ask every ten seconds whether a silent line is dead.
      Keepalive: { ServerMinInterval: '5s', ServerInterval: '7200s', ServerTimeout: '20s' },
      BCCSP: CRYPTO,
    },
    FileLedger: { Location: join(node.data, 'ledger') },
    Consensus: { WALDir: join(node.data, 'wal'), SnapDir: join(node.data, 'snapshots') },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: LARGEST_GENESIS },
    Admin: { ListenAddress: `${ON_THIS_MACHINE.listen}:${orderer.admin}`, TLS: administered },
    Operations: { ListenAddress: `${ON_THIS_MACHINE.listen}:${orderer.operations}`, TLS: administered },
    Metrics: { Provider: 'prometheus' },
  };
}

/** @returns the content of a peer's `core.yaml` */
export function peerSettings(organisation: PeerOrganisation, folder: NetworkFolder): object {
  const { peer: node, operationsRoot } = folder.host(organisation.mspId);
  return {
    peer: peerSection(organisation, folder),
    client: { connTimeout: '30s' },
    vm: { endpoint: '' },
    chaincode: {
      mode: 'net', installTimeout: '60s', startuptimeout: '60s', executetimeout: '30s', keepalive: 0, logging: { level: 'info', shim: 'warning' },
      externalBuilders: [{ name: 'service', path: node.externalBuilder }],
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
    },
    ledger: { state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 }, history: { enableHistoryDatabase: true }, snapshots: { rootDir: join(node.data, 'snapshots') } },
    operations: {
      listenAddress: `${ON_THIS_MACHINE.listen}:${organisation.peer.operations}`,
      tls: { enabled: true, cert: { file: node.tlsCertificate }, key: { file: node.tlsKey }, clientAuthRequired: true, clientRootCAs: { files: [operationsRoot] } },
    },
    metrics: { provider: 'prometheus' },
  };
}

function peerSection({ mspId, host, listen, peer }: PeerOrganisation, folder: NetworkFolder): object {
  const node = folder.host(mspId).peer;
  const address = `${host}:${peer.service}`;
  return {
    id: `peer-${mspId}`, networkId: 'minhchung', localMspId: mspId, mspConfigPath: node.msp, fileSystemPath: node.data,
    listenAddress: `${listen}:${peer.service}`, address, chaincodeListenAddress: `${ON_THIS_MACHINE.listen}:${peer.chaincodeListener}`, chaincodeAddress: `${ON_THIS_MACHINE.host}:${peer.chaincodeListener}`,
    BCCSP: CRYPTO,
    tls: { enabled: true, clientAuthRequired: false, cert: { file: node.tlsCertificate }, key: { file: node.tlsKey }, rootcert: { file: node.tlsRoot } },
    gossip: gossipSection(address),
    deliveryclient: {
      blockGossipEnabled: false, reconnectTotalTimeThreshold: '3600s', connTimeout: '3s', reConnectBackoffThreshold: '5s',
      // Where blocks come from is left for another orderer if that one lags so long behind the headers of the others (usually 30 s).
      blockCensorshipTimeoutKey: '3s',
    },
    keepalive: { minInterval: '5s', client: { interval: '10s', timeout: '5s' }, deliveryClient: { interval: '10s', timeout: '5s' } },
    authentication: { timewindow: '15m' },
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1_000, authCachePurgeRetentionRatio: 0.75 },
    gateway: { enabled: true },
    limits: { concurrency: { endorserService: 2_500, deliverService: 2_500, gatewayService: 500 } },
    handlers: {
      authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }, { name: 'TimeWindowCheck' }], decorators: [{ name: 'DefaultDecorator' }],
      endorsers: { escc: { name: 'DefaultEndorsement' } }, validators: { vscc: { name: 'DefaultValidation' } },
    },
  };
}

/** Each peer pulls its blocks from the orderers itself; gossip only tells who is there. The usual intervals are for hundreds of peers. */
function gossipSection(address: string): object {
  return {
    bootstrap: address, endpoint: address, externalEndpoint: address, useLeaderElection: false, orgLeader: true, state: { enabled: false },
    // A peer that missed another at the start asks again after this time, and nobody can endorse together with it until then.
    reconnectInterval: '500ms', aliveTimeInterval: '500ms', aliveExpirationTimeout: '10s', publishStateInfoInterval: '300ms', requestStateInfoInterval: '300ms',
    membershipTrackerInterval: '300ms', pullInterval: '1s', publishCertPeriod: '1s', digestWaitTime: '200ms', requestWaitTime: '300ms', responseWaitTime: '500ms',
    pvtData: {
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 }, reconciliationEnabled: true, reconcileSleepInterval: '1m', reconcileBatchSize: 10,
      btlPullMargin: 10, pullRetryThreshold: '2s', pushAckTimeout: '3s', transientstoreMaxBlockRetention: 1_000,
    },
  };
}
