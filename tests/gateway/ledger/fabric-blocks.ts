/** Makes blocks in Fabric's format with Fabric's own message classes: what the gateway's readers are held against. */
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';

const { kvrwset } = ledger.rwset;

export interface WriteSpec {
  readonly key: string;
  readonly value: string | Uint8Array | null;
  readonly namespace?: string;
}

export interface TransactionSpec {
  readonly id?: string;
  readonly code?: number;
  /** milliseconds since 1970 */
  readonly time?: number;
  readonly msp?: string;
  readonly writes?: readonly WriteSpec[];
  readonly touched?: readonly string[];
  readonly reads?: readonly { key: string; version: [number, number] | null }[];
  readonly ranges?: readonly { start: string; end: string; reads: readonly { key: string; version: [number, number] }[] }[];
  /** hashes in collections of private data; a key alone is written with the hash of `value of <key>` */
  readonly collections?: readonly { readonly name: string; readonly reads?: readonly string[]; readonly writes?: readonly (string | WriteSpec)[]; readonly touched?: readonly string[] }[];
  readonly event?: { name: string; payload: string };
  /** in place of an endorser transaction: `common.HeaderType`, e.g. 1 CONFIG */
  readonly type?: number;
}

export const NAMESPACE = 'trace';

function version([block, index]: [number, number]): InstanceType<typeof kvrwset.Version> {
  const out = new kvrwset.Version();
  out.setBlockNum(block);
  out.setTxNum(index);
  return out;
}

function read({ key, version: at }: { key: string; version: [number, number] | null }): InstanceType<typeof kvrwset.KVRead> {
  const out = new kvrwset.KVRead();
  out.setKey(key);
  if (at !== null) out.setVersion(version(at));
  return out;
}

function rangeInfo(range: NonNullable<TransactionSpec['ranges']>[number]): InstanceType<typeof kvrwset.RangeQueryInfo> {
  const out = new kvrwset.RangeQueryInfo();
  out.setStartKey(range.start);
  out.setEndKey(range.end);
  out.setItrExhausted(true);
  const reads = new kvrwset.QueryReads();
  reads.setKvReadsList(range.reads.map(read));
  out.setRawReads(reads);
  return out;
}

function namespaceSet(namespace: string, spec: TransactionSpec): InstanceType<typeof ledger.rwset.NsReadWriteSet> {
  const set = new kvrwset.KVRWSet();
  const writes = (spec.writes ?? []).filter((write) => (write.namespace ?? NAMESPACE) === namespace);
  set.setWritesList(writes.map(({ key, value }) => {
    const write = new kvrwset.KVWrite();
    write.setKey(key);
    write.setIsDelete(value === null);
    if (value !== null) write.setValue(Buffer.from(value as string));
    return write;
  }));
  if (namespace === NAMESPACE) {
    set.setReadsList((spec.reads ?? []).map(read));
    set.setRangeQueriesInfoList((spec.ranges ?? []).map(rangeInfo));
    set.setMetadataWritesList((spec.touched ?? []).map((key) => {
      const write = new kvrwset.KVMetadataWrite();
      write.setKey(key);
      return write;
    }));
  }
  const out = new ledger.rwset.NsReadWriteSet();
  out.setNamespace(namespace);
  out.setRwset(set.serializeBinary());
  if (namespace === NAMESPACE) out.setCollectionHashedRwsetList((spec.collections ?? []).map(collectionSet));
  return out;
}

function collectionSet({ name, reads = [], writes = [], touched = [] }: NonNullable<TransactionSpec['collections']>[number]): InstanceType<typeof ledger.rwset.CollectionHashedReadWriteSet> {
  const hash = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();
  const set = new kvrwset.HashedRWSet();
  set.setHashedReadsList(reads.map((key) => {
    const one = new kvrwset.KVReadHash();
    one.setKeyHash(hash(key));
    return one;
  }));
  set.setHashedWritesList(writes.map((write) => {
    const { key, value } = typeof write === 'string' ? { key: write, value: `value of ${write}` } : write;
    const one = new kvrwset.KVWriteHash();
    one.setKeyHash(hash(key));
    one.setIsDelete(value === null);
    if (value !== null) one.setValueHash(hash(value));
    return one;
  }));
  set.setMetadataWritesList(touched.map((key) => {
    const one = new kvrwset.KVMetadataWriteHash();
    one.setKeyHash(hash(key));
    return one;
  }));
  const out = new ledger.rwset.CollectionHashedReadWriteSet();
  out.setCollectionName(name);
  out.setHashedRwset(set.serializeBinary());
  return out;
}

function results(spec: TransactionSpec): Uint8Array {
  const namespaces = new Set([NAMESPACE, ...(spec.writes ?? []).map((write) => write.namespace ?? NAMESPACE)]);
  const set = new ledger.rwset.TxReadWriteSet();
  set.setNsRwsetList([...namespaces].sort().map((namespace) => namespaceSet(namespace, spec)));
  return set.serializeBinary();
}

function endorsedTransaction(spec: TransactionSpec, id: string): Uint8Array {
  const action = new peer.ChaincodeAction();
  action.setResults(results(spec));
  if (spec.event !== undefined) {
    const event = new peer.ChaincodeEvent();
    event.setChaincodeId(NAMESPACE);
    event.setTxId(id);
    event.setEventName(spec.event.name);
    event.setPayload(Buffer.from(spec.event.payload));
    action.setEvents(event.serializeBinary());
  }
  const response = new peer.ProposalResponsePayload();
  response.setProposalHash(randomBytes(32));
  response.setExtension$(action.serializeBinary());
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(Buffer.from('endorser'));
  endorsement.setSignature(Buffer.from('signature'));
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  endorsed.setEndorsementsList([endorsement]);
  const payload = new peer.ChaincodeActionPayload();
  payload.setChaincodeProposalPayload(Buffer.from('arguments'));
  payload.setAction(endorsed);
  const only = new peer.TransactionAction();
  only.setHeader(Buffer.from('signature header'));
  only.setPayload(payload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([only]);
  return transaction.serializeBinary();
}

/** The `common.Payload` of a transaction, as a peer endorses it. */
export function payloadOf(spec: TransactionSpec): Uint8Array {
  const id = spec.id ?? randomBytes(32).toString('hex');
  const channel = new common.ChannelHeader();
  channel.setType(spec.type ?? 3);
  channel.setTxId(id);
  channel.setChannelId('channel');
  if (spec.time !== undefined) channel.setTimestamp(timestamps.Timestamp.fromDate(new Date(spec.time)));
  const identity = new msp.SerializedIdentity();
  identity.setMspid(spec.msp ?? 'EnterpriseMSP');
  identity.setIdBytes(Buffer.from('certificate'));
  const signature = new common.SignatureHeader();
  signature.setCreator(identity.serializeBinary());
  signature.setNonce(randomBytes(24));
  const header = new common.Header();
  header.setChannelHeader(channel.serializeBinary());
  header.setSignatureHeader(signature.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData((spec.type ?? 3) === 3 ? endorsedTransaction(spec, id) : Buffer.from('configuration'));
  return payload.serializeBinary();
}

export function envelopeOf(spec: TransactionSpec): Uint8Array {
  const envelope = new common.Envelope();
  envelope.setPayload(payloadOf(spec));
  envelope.setSignature(Buffer.from('signature'));
  return envelope.serializeBinary();
}

function der(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}

/** The header hash by an own route: through BigInt's decimal digits, not the code under test. */
function hashOfHeader(number: number, previous: Uint8Array, data: Uint8Array): Buffer {
  const hex = number.toString(16).padStart(16, '0').replace(/^(00)+(?=[0-7].)/, '');
  return createHash('sha256').update(der(0x30, Buffer.concat([der(2, Buffer.from(hex, 'hex')), der(4, previous), der(4, data)]))).digest();
}

/** A growing chain of blocks. */
export class BlockChain {
  readonly blocks: Buffer[] = [];
  #previous: Buffer = Buffer.alloc(0);

  constructor(salt = 'genesis') {
    this.add([{ type: 1, id: '', time: 1_700_000_000_000, msp: salt }]);
  }

  /** Adds a block of these transactions; gives its bytes. */
  add(transactions: readonly TransactionSpec[], { metadata = true }: { metadata?: boolean } = {}): Buffer {
    const data = transactions.map(envelopeOf);
    const block = blockOf(this.blocks.length, this.#previous, data, metadata ? transactions.map(({ code }) => code ?? 0) : undefined);
    this.#previous = hashOfHeader(this.blocks.length, this.#previous, createHash('sha256').update(Buffer.concat(data)).digest());
    this.blocks.push(block);
    return block;
  }

  get lastHash(): Buffer {
    return this.#previous;
  }
}

export function blockOf(number: number, previous: Uint8Array, data: readonly Uint8Array[], codes?: readonly number[]): Buffer {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previous);
  header.setDataHash(createHash('sha256').update(Buffer.concat(data)).digest());
  const body = new common.BlockData();
  body.setDataList([...data]);
  const metadata = new common.BlockMetadata();
  if (codes !== undefined) metadata.setMetadataList([Buffer.from('signatures'), Buffer.alloc(0), Buffer.from(codes), Buffer.alloc(0), Buffer.from('hash')]);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(body);
  block.setMetadata(metadata);
  return Buffer.from(block.serializeBinary());
}

/**
 * The same block, the same bytes of transactions in one piece, with these bytes from inside a transaction as one of their own;
 * its data in two parts, of which some readers see the second alone.
 */
export function cutElsewhere(bytes: Uint8Array, inner: Uint8Array, codes: readonly number[]): Buffer {
  const block = common.Block.deserializeBinary(bytes);
  const piece = Buffer.concat(block.getData()?.getDataList_asU8() ?? []);
  const at = piece.indexOf(inner);
  if (at < 0) throw new Error('the block does not hold these bytes');
  const partOf = (...data: readonly Uint8Array[]): Uint8Array => {
    const part = new common.Block();
    const body = new common.BlockData();
    body.setDataList([...data]);
    part.setData(body);
    return part.serializeBinary();
  };
  const frame = new common.Block();
  frame.setHeader(block.getHeader());
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList((block.getMetadata()?.getMetadataList_asU8() ?? []).map((one, index) => (index === 2 ? Uint8Array.from(codes) : one)));
  frame.setMetadata(metadata);
  return Buffer.concat([frame.serializeBinary(), partOf(piece.subarray(0, at)), partOf(inner, piece.subarray(at + inner.length))]);
}

/** The same block with other codes: what one peer may say of it. */
export function recoded(bytes: Uint8Array, codes: readonly number[]): Buffer {
  const block = common.Block.deserializeBinary(bytes);
  const list = block.getMetadata()?.getMetadataList_asU8() ?? [];
  block.getMetadata()?.setMetadataList(list.map((one, index) => (index === 2 ? Uint8Array.from(codes) : one)));
  return Buffer.from(block.serializeBinary());
}
