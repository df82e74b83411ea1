/** The peer's side of the chaincode protocol (Fabric's `peer/chaincode_shim.proto`): what a contract may ask for. */
import { isUtf8 } from 'node:buffer';
import { peer } from '@hyperledger/fabric-protos';
import type { HistoryPage, RangePage, Simulation } from './simulation.js';
import { asBytes, asNumber, asText, eachField, MessageWriter } from './wire-format.js';
import { bytesFields } from './proposal-message.js';
import type { KeyedValue, Modification } from './world-state.js';

const EMPTY = Buffer.alloc(0);
const TYPE = peer.ChaincodeMessage.Type;
/** Field of `peer.WriteRecord`. */
const KIND = 5;

/** Answers one request of a contract; the payload goes back in a RESPONSE message. */
export type RequestHandler = (simulation: Simulation, payload: Buffer) => Buffer | Promise<Buffer>;

/** Every request this ledger answers, by message type; all others are refused by name. */
export const REQUESTS: ReadonlyMap<number, RequestHandler> = new Map<number, RequestHandler>([
  [TYPE.GET_STATE, getState],
  [TYPE.PUT_STATE, putState],
  [TYPE.DEL_STATE, deleteState],
  [TYPE.GET_STATE_BY_RANGE, getStateByRange],
  [TYPE.QUERY_STATE_NEXT, queryNext],
  [TYPE.QUERY_STATE_CLOSE, queryClose],
  [TYPE.GET_HISTORY_FOR_KEY, getHistory],
  [TYPE.GET_STATE_METADATA, () => EMPTY],
  [TYPE.GET_PRIVATE_DATA_HASH, getPrivateDataHash],
  [TYPE.GET_STATE_MULTIPLE, getStates],
  [TYPE.WRITE_BATCH_STATE, writeBatch],
]);

/** Name of a request, for messages: `GET_STATE`. */
export function requestName(type: number): string {
  return Object.entries(TYPE).find(([, value]) => value === type)?.[0] ?? String(type);
}

function getState(simulation: Simulation, payload: Buffer): Buffer {
  const [key, collection] = bytesFields(payload, 2);
  refuseCollection(collection);
  return simulation.getState(ledgerKey(key));
}

function putState(simulation: Simulation, payload: Buffer): Buffer {
  const [key, value = EMPTY, collection = EMPTY] = bytesFields(payload, 3);
  if (collection.length > 0) simulation.putPrivate(collection.toString('utf8'), ledgerKey(key), value);
  else simulation.putState(ledgerKey(key), value);
  return EMPTY;
}

function getStates(simulation: Simulation, payload: Buffer): Buffer {
  const values = new MessageWriter();
  eachField(payload, (field, value) => {
    if (field === 1) values.element(1, simulation.getState(ledgerKey(asBytes(value))));
    else if (field === 2) refuseCollection(asBytes(value));
  });
  return values.finish();
}

/** `peer.WriteBatchState`: of its kinds of records, writing alone is offered. */
function writeBatch(simulation: Simulation, payload: Buffer): Buffer {
  eachField(payload, (field, record) => {
    if (field !== 1) return;
    eachField(asBytes(record), (place, kind) => {
      if (place === KIND && kind !== peer.WriteRecord.Type.PUT_STATE) throw new Error(notOffered('writing other than values in a batch'));
    });
    putState(simulation, asBytes(record));
  });
  return EMPTY;
}

function getPrivateDataHash(simulation: Simulation, payload: Buffer): Buffer {
  const [key, collection = EMPTY] = bytesFields(payload, 2);
  return simulation.getPrivateHash(collection.toString('utf8'), ledgerKey(key));
}

function deleteState(simulation: Simulation, payload: Buffer): Buffer {
  const [key, collection] = bytesFields(payload, 2);
  refuseCollection(collection);
  simulation.deleteState(ledgerKey(key));
  return EMPTY;
}

async function getStateByRange(simulation: Simulation, payload: Buffer): Promise<Buffer> {
  const [startKey = EMPTY, endKey = EMPTY, collection, metadata = EMPTY] = bytesFields(payload, 4);
  refuseCollection(collection);
  const { pageSize, bookmark } = decodeQueryMetadata(metadata);
  const id = nextQueryId();
  const page = await simulation.openRange(id, { startKey: startKey.toString('utf8'), endKey: endKey.toString('utf8'), pageSize, bookmark });
  const response = rangeResponse(simulation.namespace, id, page);
  if (pageSize > 0 || bookmark !== '') {
    // Of an empty page there are no bytes, so that the shim gives its caller none of it: as it is with a Fabric peer.
    response.bytes(4, new MessageWriter().number(1, page.values.length).text(2, page.bookmark).finish());
  }
  return response.finish();
}

async function queryNext(simulation: Simulation, payload: Buffer): Promise<Buffer> {
  const id = (bytesFields(payload, 1)[0] ?? EMPTY).toString('utf8');
  const page = await simulation.nextPage(id);
  return ('values' in page ? rangeResponse(simulation.namespace, id, page) : historyResponse(id, page)).finish();
}

async function queryClose(simulation: Simulation, payload: Buffer): Promise<Buffer> {
  const id = (bytesFields(payload, 1)[0] ?? EMPTY).toString('utf8');
  await simulation.closeQuery(id);
  return new MessageWriter().text(3, id).finish();
}

async function getHistory(simulation: Simulation, payload: Buffer): Promise<Buffer> {
  const id = nextQueryId();
  return historyResponse(id, await simulation.openHistory(id, ledgerKey(bytesFields(payload, 1)[0]))).finish();
}

let queries = 0;

function nextQueryId(): string {
  queries += 1;
  return `q${queries}`;
}

/** A real peer takes an empty key and then hides it from ranges: nobody can mean that. */
function ledgerKey(bytes: Buffer | undefined): string {
  if (bytes === undefined || bytes.length === 0) throw new Error('the key is empty');
  if (!isUtf8(bytes)) throw new Error('the key is not well-formed text');
  return bytes.toString('utf8');
}

/** Of private data nothing is kept but hashes, as on a peer that is no member of the collection. */
function refuseCollection(collection: Buffer | undefined): void {
  if (collection !== undefined && collection.length > 0) throw new Error(notOffered('reading or deleting private data'));
}

/** The words for everything a real peer does and this ledger does not. */
export function notOffered(what: string): string {
  return `${what} is not offered by the embedded ledger`;
}

function decodeQueryMetadata(raw: Buffer): { pageSize: number; bookmark: string } {
  const metadata = { pageSize: 0, bookmark: '' };
  eachField(raw, (field, value) => {
    if (field === 1) metadata.pageSize = asNumber(value);
    else if (field === 2) metadata.bookmark = asText(value);
  });
  return metadata;
}

/** `peer.QueryResponse` with `queryresult.KV` inside. */
function rangeResponse(namespace: string, id: string, page: RangePage): MessageWriter {
  return queryResponse(id, page.more, page.values.map((value) => keyValueMessage(namespace, value)));
}

function keyValueMessage(namespace: string, { key, value }: KeyedValue): MessageWriter {
  return new MessageWriter().text(1, namespace).text(2, key).bytes(3, value);
}

/** `peer.QueryResponse` with `queryresult.KeyModification` inside. */
function historyResponse(id: string, page: HistoryPage): MessageWriter {
  return queryResponse(id, page.more, page.changes.map(modificationMessage));
}

function modificationMessage({ transactionId, value, timestamp, isDelete }: Modification): MessageWriter {
  const time = new MessageWriter().number(1, timestamp.seconds).number(2, timestamp.nanos);
  return new MessageWriter().text(1, transactionId).bytes(2, value).message(3, time).number(4, isDelete ? 1 : 0);
}

function queryResponse(id: string, more: boolean, results: readonly MessageWriter[]): MessageWriter {
  const response = new MessageWriter();
  for (const result of results) response.message(1, new MessageWriter().message(1, result));
  return response.number(2, more ? 1 : 0).text(3, id);
}

/** Out of `peer.ChaincodeEvent`: only name and payload are the contract's. */
export function eventOf(message: peer.ChaincodeMessage): { name: string; payload: Buffer } | undefined {
  const event = message.getChaincodeEvent();
  return event === undefined ? undefined : { name: event.getEventName(), payload: asBytes(Buffer.from(event.getPayload_asU8())) };
}
