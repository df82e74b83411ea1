/** Receipts as Fabric's peers make them, written with Fabric's own protobuf library, and each part open to change. */
import { createHash, randomBytes } from 'node:crypto';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { ExpectedCall } from '../../verifier/core/receipt.js';
import { NOW, type Organisation, organisation, type Signer, signLow } from './certificate-builder.js';

/** The question, the answer and who signs it. Everything in a plan is signed properly: change it to ask another question. */
export interface ReceiptPlan {
  readonly type: number;
  readonly epoch: number;
  readonly channel: string;
  readonly at: number;
  readonly headerChaincode: string;
  readonly invokedChaincode: string;
  readonly answeredChaincode: string;
  readonly input: readonly (string | Uint8Array)[];
  readonly status: number;
  readonly response: string | Uint8Array;
  readonly namespaces: readonly Namespace[];
  readonly event: Uint8Array;
  readonly signers: readonly Signer[];
  /** What becomes of the bytes that are signed or hashed, before they are. */
  readonly transactionId: (right: string) => string;
  readonly proposalPayload: (right: Uint8Array) => Uint8Array;
  readonly proposalHash: (right: Uint8Array) => Uint8Array;
  readonly channelHeader: (right: Uint8Array) => Uint8Array;
  readonly signed: (right: Uint8Array) => Uint8Array;
  readonly endorser: (right: Uint8Array, signer: Signer) => Uint8Array;
  readonly sign: (signer: Signer, message: Uint8Array) => Uint8Array;
}

export interface Namespace {
  readonly name: string;
  readonly reads?: readonly { key: string; version?: readonly [block: number, transaction: number] }[];
  readonly writes?: readonly { key: string; value: string }[];
  readonly metadataWrites?: readonly string[];
  readonly privateReads?: number;
  readonly privateWrites?: number;
}

/** The parts of a finished transaction: change one to tamper with it. */
export interface Parts {
  channelHeader: Uint8Array;
  signatureHeader: Uint8Array;
  headerCopy: Uint8Array;
  proposalPayload: Uint8Array;
  signed: Uint8Array;
  endorsements: { endorser: Uint8Array; signature: Uint8Array }[];
}

export interface World {
  readonly org1: Organisation;
  readonly org2: Organisation;
  readonly org3: Organisation;
  readonly client: Signer;
}

export const ITEM = '/01/09520000000011/10/LÔ-7';
export const RECORD = '{"gtin":"09520000000011","name":"Trà xanh Shan Tuyết"}';

export async function newWorld(): Promise<World> {
  const [org1, org2, org3] = await Promise.all([organisation('Org1'), organisation('Org2'), organisation('Org3')]);
  return { org1, org2, org3, client: org1.peer };
}

/** The question whose answer the default plan holds: three organisations pinned, two needed. */
export function expectedCall(world: World, change: Partial<ExpectedCall> = {}): ExpectedCall {
  return {
    channel: 'trace',
    chaincode: 'minhchung',
    function: 'goods:readItem',
    arguments: [ITEM],
    policy: {
      roots: Object.fromEntries([world.org1, world.org2, world.org3].map(({ mspId, root }) => [mspId, [root.pem]])),
      minimumOrganisations: 2,
      peerRole: 'peer',
    },
    now: NOW + 60_000,
    ...change,
  };
}

const same = <T>(right: T): T => right;

/** A plan by which three organisations answer the question of `expectedCall`. */
export function planOf(world: World, change: Partial<ReceiptPlan> = {}): ReceiptPlan {
  return {
    type: common.HeaderType.ENDORSER_TRANSACTION,
    epoch: 0,
    channel: 'trace',
    at: NOW,
    headerChaincode: 'minhchung',
    invokedChaincode: 'minhchung',
    answeredChaincode: 'minhchung',
    input: ['goods:readItem', ITEM],
    status: 200,
    response: RECORD,
    namespaces: [
      { name: '_lifecycle', reads: [{ key: 'namespaces/fields/minhchung/Sequence', version: [3, 0] }] },
      { name: 'minhchung', reads: [{ key: ITEM, version: [12, 4] }] },
    ],
    event: new Uint8Array(0),
    signers: [world.org1.peer, world.org2.peer, world.org3.peer],
    transactionId: same,
    proposalPayload: same,
    proposalHash: same,
    channelHeader: same,
    signed: same,
    endorser: same,
    sign: (signer, message) => signLow(signer.key, message),
    ...change,
  };
}

/** Writes, hashes and signs everything that a plan says. */
export function partsOf(world: World, change: Partial<ReceiptPlan> = {}): Parts {
  const plan = planOf(world, change);
  const creator = serializedIdentity(world.client);
  const nonce = new Uint8Array(randomBytes(24));
  const signatureHeader = written(new common.SignatureHeader(), (m) => { m.setCreator(creator); m.setNonce(nonce); });
  const transactionId = plan.transactionId(createHash('sha256').update(nonce).update(creator).digest('hex'));
  const channelHeader = plan.channelHeader(channelHeaderOf(plan, transactionId));
  const proposalPayload = plan.proposalPayload(proposalPayloadOf(plan));
  const hash = createHash('sha256').update(channelHeader).update(signatureHeader).update(proposalPayload).digest();
  const signed = plan.signed(answerOf(plan, plan.proposalHash(new Uint8Array(hash))));
  const endorsements = plan.signers.map((signer) => endorsementOf(plan, signer, signed));
  return { channelHeader, signatureHeader, headerCopy: signatureHeader, proposalPayload, signed, endorsements };
}

function endorsementOf(plan: ReceiptPlan, signer: Signer, signed: Uint8Array): Parts['endorsements'][number] {
  const endorser = plan.endorser(serializedIdentity(signer), signer);
  return { endorser, signature: new Uint8Array(plan.sign(signer, Buffer.concat([signed, endorser]))) };
}

/** The serialized common.Payload of the parts. */
export function payloadOf(parts: Parts): Uint8Array {
  const data = written(new peer.Transaction(), (m) => m.addActions(actionOf(parts)));
  return written(new common.Payload(), (m) => { m.setHeader(headerOf(parts)); m.setData(data); });
}

export function headerOf(parts: Parts): common.Header {
  const header = new common.Header();
  header.setChannelHeader(parts.channelHeader);
  header.setSignatureHeader(parts.signatureHeader);
  return header;
}

export function actionOf(parts: Parts): peer.TransactionAction {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(parts.signed);
  endorsed.setEndorsementsList(parts.endorsements.map(({ endorser, signature }) => {
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(endorser);
    endorsement.setSignature(signature);
    return endorsement;
  }));
  const payload = written(new peer.ChaincodeActionPayload(), (m) => {
    m.setChaincodeProposalPayload(parts.proposalPayload);
    m.setAction(endorsed);
  });
  const action = new peer.TransactionAction();
  action.setHeader(parts.headerCopy);
  action.setPayload(payload);
  return action;
}

/** The portable text of a payload. */
export function receiptOf(payload: Uint8Array): string {
  return JSON.stringify({ format: 'minhchung-receipt-1', payload: Buffer.from(payload).toString('base64') });
}

/** A finished receipt; `tamper` changes its parts after everything is signed. */
export function receipt(world: World, change: Partial<ReceiptPlan> = {}, tamper: (parts: Parts) => void = () => undefined): string {
  const parts = partsOf(world, change);
  tamper(parts);
  return receiptOf(payloadOf(parts));
}

export function serializedIdentity({ mspId, pem }: Pick<Signer, 'mspId' | 'pem'>): Uint8Array {
  return written(new msp.SerializedIdentity(), (m) => { m.setMspid(mspId); m.setIdBytes(Buffer.from(pem)); });
}

export function channelHeaderOf(plan: ReceiptPlan, transactionId: string): Uint8Array {
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId(plan.headerChaincode));
  const timestamp = new timestampPb.Timestamp();
  timestamp.setSeconds(Math.floor(plan.at / 1000));
  timestamp.setNanos((plan.at % 1000) * 1_000_000);
  return written(new common.ChannelHeader(), (m) => {
    m.setType(plan.type);
    m.setEpoch(plan.epoch);
    m.setChannelId(plan.channel);
    m.setTxId(transactionId);
    m.setTimestamp(timestamp);
    m.setExtension$(extension.serializeBinary());
  });
}

export function proposalPayloadOf(plan: Pick<ReceiptPlan, 'invokedChaincode' | 'input'>): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList(plan.input.map((argument) => Buffer.from(argument)));
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(chaincodeId(plan.invokedChaincode));
  spec.setInput(input);
  const invocation = written(new peer.ChaincodeInvocationSpec(), (m) => m.setChaincodeSpec(spec));
  return written(new peer.ChaincodeProposalPayload(), (m) => m.setInput(invocation));
}

export function answerOf(plan: ReceiptPlan, proposalHash: Uint8Array): Uint8Array {
  const response = new peer.Response();
  response.setStatus(plan.status);
  response.setPayload(Buffer.from(plan.response));
  const action = written(new peer.ChaincodeAction(), (m) => {
    m.setResults(resultsOf(plan.namespaces));
    m.setEvents(plan.event);
    m.setResponse(response);
    m.setChaincodeId(chaincodeId(plan.answeredChaincode, '1.0'));
  });
  return written(new peer.ProposalResponsePayload(), (m) => { m.setProposalHash(proposalHash); m.setExtension$(action); });
}

function chaincodeId(name: string, version = ''): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(name);
  id.setVersion(version);
  return id;
}

function resultsOf(namespaces: readonly Namespace[]): Uint8Array {
  return written(new ledger.rwset.TxReadWriteSet(), (m) => m.setNsRwsetList(namespaces.map(namespaceOf)));
}

function namespaceOf(namespace: Namespace): ledger.rwset.NsReadWriteSet {
  const kv = new ledger.rwset.kvrwset.KVRWSet();
  for (const { key, version } of namespace.reads ?? []) kv.addReads(readOf(key, version));
  for (const { key, value } of namespace.writes ?? []) {
    const write = kv.addWrites();
    write.setKey(key);
    write.setValue(Buffer.from(value));
  }
  for (const key of namespace.metadataWrites ?? []) kv.addMetadataWrites().setKey(key);
  const ns = new ledger.rwset.NsReadWriteSet();
  ns.setNamespace(namespace.name);
  ns.setRwset(kv.serializeBinary());
  if (namespace.privateReads !== undefined || namespace.privateWrites !== undefined) addCollection(ns, namespace);
  return ns;
}

function readOf(key: string, version: readonly [number, number] | undefined): ledger.rwset.kvrwset.KVRead {
  const read = new ledger.rwset.kvrwset.KVRead();
  read.setKey(key);
  if (version === undefined) return read;
  const found = new ledger.rwset.kvrwset.Version();
  found.setBlockNum(version[0]);
  found.setTxNum(version[1]);
  read.setVersion(found);
  return read;
}

function addCollection(ns: ledger.rwset.NsReadWriteSet, { privateReads = 0, privateWrites = 0 }: Namespace): void {
  const hashed = new ledger.rwset.kvrwset.HashedRWSet();
  for (let i = 0; i < privateReads; i++) hashed.addHashedReads().setKeyHash(new Uint8Array(32));
  for (let i = 0; i < privateWrites; i++) hashed.addHashedWrites().setKeyHash(new Uint8Array(32));
  const collection = ns.addCollectionHashedRwset();
  collection.setCollectionName('licences');
  collection.setHashedRwset(hashed.serializeBinary());
}

function written<M extends { serializeBinary(): Uint8Array }>(message: M, fill: (message: M) => unknown): Uint8Array {
  fill(message);
  return message.serializeBinary();
}
