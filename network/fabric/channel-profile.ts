/** What configtxgen makes block 0 from: organisations, policies, orderers and block cutting. Written as JSON, which is YAML. */
import type { NetworkFolder } from './network-folder.js';
import { ordererHost, ordererOrganisations, peerOrganisations, type OrdererOrganisation, type Organisation, type Topology } from './topology.js';

/** Name of the profile in the file. */
export const PROFILE = 'Channel';

/** A block is cut so long after its first transaction came; waiting longer only adds to every answer. */
const BATCH_TIMEOUT = '10ms';
const BATCH_SIZE = { MaxMessageCount: 500, AbsoluteMaxBytes: '10 MB', PreferredMaxBytes: '2 MB' };

type Rule = { readonly Type: string; readonly Rule: string };

const anyOf = (mspId: string, ...roles: string[]): Rule => ({ Type: 'Signature', Rule: `OR(${roles.map((role) => `'${mspId}.${role}'`).join(', ')})` });
const implied = (rule: string): Rule => ({ Type: 'ImplicitMeta', Rule: rule });

const COMMON_POLICIES = { Readers: implied('ANY Readers'), Writers: implied('ANY Writers'), Admins: implied('MAJORITY Admins') };

/**
 * @param folder where the organisations' MSP folders and the orderers' certificates are read from
 * @returns the content of `configtx.yaml`
 */
export function channelProfile(topology: Topology, folder: NetworkFolder): object {
  return { Profiles: { [PROFILE]: {
    Policies: COMMON_POLICIES,
    Capabilities: { V3_0: true },
    Orderer: ordererGroup(topology, folder),
    Application: {
      Organizations: peerOrganisations(topology).map((one) => organisationGroup(one, folder, ['admin', 'client'])),
      Policies: { ...COMMON_POLICIES, LifecycleEndorsement: implied('MAJORITY Endorsement'), Endorsement: implied('MAJORITY Endorsement') },
      Capabilities: { V2_5: true },
    },
  } } };
}

/** @param writers who of it may write: clients what goes into blocks, orderers the blocks */
function organisationGroup(organisation: Organisation, folder: NetworkFolder, writers: readonly string[]): object {
  const { mspId, host, peer, orderer } = organisation;
  return {
    Name: mspId, ID: mspId, MSPDir: folder.host(mspId).msp,
    Policies: {
      Readers: anyOf(mspId, 'admin', 'peer', 'orderer', 'client'),
      Writers: anyOf(mspId, ...writers),
      Admins: anyOf(mspId, 'admin'),
      Endorsement: anyOf(mspId, 'peer'),
    },
    ...(peer === undefined ? {} : { AnchorPeers: [{ Host: host, Port: peer.service }] }),
    ...(orderer === undefined ? {} : { OrdererEndpoints: [`${ordererHost(organisation)}:${orderer.service}`] }),
  };
}

function ordererGroup(topology: Topology, folder: NetworkFolder): object {
  const orderers = ordererOrganisations(topology);
  return {
    BatchTimeout: BATCH_TIMEOUT, BatchSize: BATCH_SIZE,
    Organizations: orderers.map((one) => organisationGroup(one, folder, ['admin', 'orderer'])),
    Policies: { ...COMMON_POLICIES, BlockValidation: implied('ANY Writers') },
    Capabilities: { V2_0: true },
    ...(topology.consensus === 'bft' ? smartBft(orderers, folder) : raft(orderers, folder)),
  };
}

function smartBft(orderers: readonly OrdererOrganisation[], folder: NetworkFolder): object {
  return {
    OrdererType: 'BFT',
    SmartBFT: {
      // This one cuts blocks; BatchTimeout has no say under BFT.
      RequestBatchMaxInterval: BATCH_TIMEOUT,
      // A dead leader is missed after the heartbeat's time-out, and commits stand still until then.
      LeaderHeartbeatTimeout: '3s', LeaderHeartbeatCount: 10, RequestComplainTimeout: '3s', ViewChangeTimeout: '5s', ViewChangeResendInterval: '2s',
      RequestForwardTimeout: '2s', RequestAutoRemoveTimeout: '3m', CollectTimeout: '1s',
      IncomingMessageBufferSize: 200, RequestPoolSize: 100_000,
    },
    ConsenterMapping: orderers.map((one, index) => {
      const { mspId, orderer } = one;
      const node = folder.host(mspId).orderer;
      return { ID: index + 1, MSPID: mspId, Host: ordererHost(one), Port: orderer.service, Identity: node.certificate, ClientTLSCert: node.tlsCertificate, ServerTLSCert: node.tlsCertificate };
    }),
  };
}

function raft(orderers: readonly OrdererOrganisation[], folder: NetworkFolder): object {
  return {
    OrdererType: 'etcdraft',
    EtcdRaft: {
      // An election takes ten to twenty ticks: at Fabric's usual 500 ms the first write after a start waits for 8 seconds.
      Options: { TickInterval: '100ms', ElectionTick: 10, HeartbeatTick: 1, MaxInflightBlocks: 5, SnapshotIntervalSize: '16 MB' },
      Consenters: orderers.map((one) => {
        const { tlsCertificate } = folder.host(one.mspId).orderer;
        return { Host: ordererHost(one), Port: one.orderer.service, ClientTLSCert: tlsCertificate, ServerTLSCert: tlsCertificate };
      }),
    },
  };
}
