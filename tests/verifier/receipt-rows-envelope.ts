/** Receipts that cannot be read: the envelope, the encoding, the layout of the transaction. */
import { common, peer } from '@hyperledger/fabric-protos';
import { actionOf, headerOf, type Parts, partsOf, payloadOf, receipt, receiptOf, type World } from './receipt-builder.js';
import { type Row, unreadable } from './receipt-row.js';
import { lengthField, numberField, overlongField, tag, WIRE } from './wire-encoding.js';

const FORMAT = 'receipt format: an object of exactly format and payload';
const RFC4648 = 'RFC 4648 sections 3.2, 3.3, 3.5 and 4';
const WIRE_FORMAT = 'Protocol Buffers, encoding: strict subset';
const TRANSACTION = 'fabric-protos peer/transaction.proto';

/** The text of a good receipt, taken apart. */
function fieldsOf(text: string): { format: string; payload: string } {
  return JSON.parse(text) as { format: string; payload: string };
}

/** A good receipt with its text changed. */
const retold = (change: (text: string, fields: { format: string; payload: string }) => string) => (world: World): string => {
  const text = receipt(world);
  return change(text, fieldsOf(text));
};

/** A good receipt with its payload bytes changed. */
const rewritten = (change: (payload: Buffer) => Uint8Array) => (world: World): string => receiptOf(change(Buffer.from(payloadOf(partsOf(world)))));

/** A receipt whose payload has a remainder of bytes after whole groups of three: only then is there padding. */
function padded(world: World, remainder: number): string {
  for (let extra = 0; ; extra++) {
    const payload = payloadOf(partsOf(world, { response: `"${'x'.repeat(extra)}"` }));
    if (payload.length % 3 === remainder) return Buffer.from(payload).toString('base64');
  }
}

const envelope = (payload: string): string => JSON.stringify({ format: 'minhchung-receipt-1', payload });

/** The payload of parts of which the transaction is written by hand. */
function payloadWith(parts: Parts, data: Uint8Array, header = headerOf(parts).serializeBinary()): string {
  return receiptOf(Buffer.concat([lengthField(1, header), lengthField(2, data)]));
}

function transactionOf(...actions: readonly peer.TransactionAction[]): Uint8Array {
  const transaction = new peer.Transaction();
  transaction.setActionsList([...actions]);
  return transaction.serializeBinary();
}

const rows = (source: string, code: Parameters<typeof unreadable>[0], receipts: Readonly<Record<string, Row['receipt']>>): readonly Row[] =>
  Object.entries(receipts).map(([name, make]) => ({ name, source, receipt: make, upset: unreadable(code) }));

export const ENVELOPE_ROWS: readonly Row[] = [
  ...rows(FORMAT, 'RECEIPT_NOT_JSON', {
    'plain text': () => 'minh chứng',
    'no text at all': () => '',
    'JSON cut short': retold((text) => text.slice(0, -1)),
    'something after the JSON': retold((text) => `${text},`),
  }),
  ...rows(FORMAT, 'RECEIPT_FIELDS_WRONG', {
    'a list': () => '[]',
    'null': () => 'null',
    'payload missing': retold((_, { format }) => JSON.stringify({ format })),
    'payload a number': retold((_, { format }) => JSON.stringify({ format, payload: 1 })),
    'a third field': retold((_, fields) => JSON.stringify({ ...fields, note: '' })),
    'a third field without text': retold((_, fields) => JSON.stringify({ ...fields, note: 1 })),
    'an escaped quote': retold((text) => text.replace('receipt', '\\"receipt')),
    'payload twice': retold((text, { payload }) => text.replace('{', `{"payload":"${payload}",`)),
    'payload twice, once with an escape in its name': retold((text, { payload }) => text.replace('{', `{"\\u0070ayload":"${payload}",`)),
    'payload twice, first an object': retold((text) => text.replace('{', '{"payload":{},')),
    'format twice, first a number': retold((text) => text.replace('{', '{"format":1,')),
    'a __proto__ field': retold((text) => text.replace('{', '{"__proto__":{"payload":"AAAA"},')),
  }),
  ...rows(FORMAT, 'RECEIPT_FORMAT_UNKNOWN', {
    'another format': retold((text) => text.replace('receipt-1', 'receipt-2')),
    'the format in capitals': retold((text) => text.replace('minhchung', 'MinhChung')),
  }),
  ...rows('receipt format: at most 256 KiB, measured before decoding', 'RECEIPT_TOO_LARGE', {
    '300 KiB of payload': () => envelope('A'.repeat(300 * 1024)),
    '300 KiB of white space': retold((text) => text + ' '.repeat(300 * 1024)),
    'one character over the limit': retold((text) => text.padEnd(256 * 1024 + 1)),
  }),
  ...rows(RFC4648, 'RECEIPT_BASE64_WRONG', {
    'a line break in the base64': retold((_, { payload }) => envelope(`${payload.slice(0, 76)}\n${payload.slice(76)}`)),
    'a space after the base64': retold((_, { payload }) => envelope(`${payload} `)),
    'padding left out': (world) => envelope(padded(world, 1).replace(/=+$/, '')),
    'padding too long': (world) => envelope(`${padded(world, 2)}===`),
    'an unused bit set': (world) => envelope(padded(world, 1).replace(/.==$/, (end) => `${nextDigit(end.charAt(0))}==`)),
    'the other alphabet': retold((_, { payload }) => envelope(`${payload.slice(0, 4)}-_-_${payload.slice(8)}`)),
  }),
  ...rows(WIRE_FORMAT, 'RECEIPT_BYTES_MALFORMED', {
    'the last byte missing': rewritten((payload) => payload.subarray(0, -1)),
    'a byte after the end': rewritten((payload) => Buffer.concat([payload, Buffer.of(0)])),
    'an unknown field after the end': rewritten((payload) => Buffer.concat([payload, lengthField(15, Buffer.from('x'))])),
    'an empty copy of a field after the end': rewritten((payload) => Buffer.concat([payload, lengthField(2, Buffer.alloc(0))])),
    'a group': rewritten((payload) => Buffer.concat([payload, tag(3, WIRE.startGroup), tag(3, WIRE.endGroup)])),
    'a length longer than the rest': rewritten((payload) => Buffer.concat([payload.subarray(0, 1), Buffer.of(0xff, 0xff, 0x7f), payload.subarray(3)])),
    'an overlong length': (world) => {
      const parts = partsOf(world);
      return receiptOf(Buffer.concat([overlongField(1, headerOf(parts).serializeBinary()), lengthField(2, transactionOf(actionOf(parts)))]));
    },
    'the header twice': (world) => {
      const parts = partsOf(world);
      return receiptOf(Buffer.concat([lengthField(1, headerOf(parts).serializeBinary()), payloadOf(parts)]));
    },
    'the channel header twice in the header': (world) => {
      const parts = partsOf(world);
      const header = Buffer.concat([lengthField(1, parts.channelHeader), headerOf(parts).serializeBinary()]);
      return payloadWith(parts, transactionOf(actionOf(parts)), header);
    },
    'a transient map in the proposal': (world) => receipt(world, { proposalPayload: (right) => Buffer.concat([right, lengthField(2, lengthField(1, Buffer.from('k')))]) }),
    'a channel that is not UTF-8': (world) => receipt(world, { channelHeader: (right) => Buffer.from(Buffer.from(right).toString('latin1').replace('trace', 'trac\xff'), 'latin1') }),
    'two answers in the signed bytes': (world) => receipt(world, { signed: (right) => Buffer.concat([right, lengthField(2, Buffer.alloc(0))]) }),
    'a read set of another data model': (world) => receipt(world, { signed: withResults((results) => Buffer.concat([numberField(1, 1), results])) }),
    'an instant with too many nanoseconds': (world) => receipt(world, { channelHeader: withTimestamp(numberField(2, 1_000_000_000)) }),
  }),
  ...rows(TRANSACTION, 'RECEIPT_NOT_ONE_CALL', {
    'an empty payload': () => envelope(''),
    'no action': (world) => payloadWith(partsOf(world), new Uint8Array(0)),
    'two actions': (world) => {
      const parts = partsOf(world);
      return payloadWith(parts, transactionOf(actionOf(parts), actionOf(parts)));
    },
    'another copy of the signature header in the action': (world) => receipt(world, {}, (parts) => { parts.headerCopy = parts.headerCopy.slice(0, -1); }),
    'a configuration transaction': (world) => receipt(world, { type: common.HeaderType.CONFIG }),
    'another epoch': (world) => receipt(world, { epoch: 1 }),
  }),
  ...rows('receipt format: 1 to 32 endorsements', 'RECEIPT_NOT_ENDORSED', {
    'no endorsement': (world) => receipt(world, { signers: [] }),
  }),
  ...rows('receipt format: 1 to 32 endorsements', 'RECEIPT_TOO_MANY_ENDORSEMENTS', {
    '33 endorsements': (world) => receipt(world, { signers: Array.from({ length: 33 }, () => world.org1.peer) }),
  }),
];

function nextDigit(digit: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet.charAt(alphabet.indexOf(digit) + 1);
}

/** Changes the read and write set inside the answer, before it is signed. */
function withResults(change: (results: Uint8Array) => Uint8Array): (right: Uint8Array) => Uint8Array {
  return (right) => {
    const answer = peer.ProposalResponsePayload.deserializeBinary(right);
    const action = peer.ChaincodeAction.deserializeBinary(answer.getExtension_asU8());
    action.setResults(change(action.getResults_asU8()));
    answer.setExtension$(action.serializeBinary());
    return answer.serializeBinary();
  };
}

/** Replaces the timestamp of a channel header (field 3, which the builder writes third). */
function withTimestamp(timestamp: Uint8Array): (right: Uint8Array) => Uint8Array {
  return (right) => {
    const header = common.ChannelHeader.deserializeBinary(right);
    header.clearTimestamp();
    return Buffer.concat([header.serializeBinary(), lengthField(3, timestamp)]);
  };
}
