import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { dialAddress } from '../../../gateway/ledger/peer-link.js';
import { LedgerFailure, type LedgerConnection } from '../../../gateway/ledger/ledger.js';
import { readSetOf } from '../../../gateway/ledger/transaction-reader.js';
import { CHAINCODE, CounterNetwork } from './counter-network.js';

let network: CounterNetwork;
let connection: LedgerConnection;

beforeAll(async () => {
  network = await CounterNetwork.start();
  connection = network.connect();
});
afterAll(async () => {
  connection.close();
  await network.stop();
});

async function failureOf(run: () => Promise<unknown>): Promise<unknown> {
  return run().then(() => expect.fail('nothing failed'), (error: unknown) => error);
}

async function committed(transaction: string, args: string[], transient = {}): Promise<{ transactionId: string; block: bigint }> {
  const { transactionId, ...rest } = await connection.ledgerFor(network.identity).endorse(transaction, args, transient);
  await connection.send({ transactionId, ...rest });
  const status = await connection.commitStatus(transactionId);
  return { transactionId, block: status?.block ?? expect.fail('no status') };
}

describe('a connection to the embedded ledger', () => {
  it('endorses, sends, tells the outcome, and reads back', async () => {
    const signed = await connection.ledgerFor(network.identity).endorse('put', ['a', 'một']);
    expect(signed.result).toBe('a=một');
    expect(await connection.reader.evaluate('get', ['a'])).toBe('');
    await connection.send(signed);
    expect(await connection.commitStatus(signed.transactionId)).toEqual({ code: 0, block: 1n });
    expect(await connection.reader.evaluate('get', ['a'])).toBe('một');
    expect(await connection.reader.height()).toBe(2n);
  });

  it('sends the same bytes as often as it is asked, to one effect', async () => {
    const signed = await connection.ledgerFor(network.identity).endorse('increment', ['twice']);
    await connection.send(signed);
    await connection.commitStatus(signed.transactionId);
    await Promise.allSettled([connection.send(signed), connection.send(signed)]);
    await committed('put', ['after', 'it']);
    expect(await connection.reader.evaluate('get', ['twice'])).toBe('1');
    expect(await connection.commitStatus(signed.transactionId)).toMatchObject({ code: 0 });
  });

  it('takes records by the transient field', async () => {
    await committed('putTransient', ['t'], { record: 'beside' });
    expect(await connection.reader.evaluate('get', ['t'])).toBe('beside');
  });

  it('gives one session for one identity, and signs as whom it is for', async () => {
    const regulator = await network.enrol('inspector');
    expect(connection.ledgerFor(regulator)).toBe(connection.ledgerFor(regulator));
    const signed = await connection.ledgerFor(regulator).endorse('put', ['by', 'regulator']);
    await connection.send(signed);
    const status = await connection.commitStatus(signed.transactionId);
    const block = (await network.blocks())[Number(status?.block)];
    expect(block?.transactions).toMatchObject([{ id: signed.transactionId, creatorMsp: 'RegulatorMSP' }]);
  });

  it.each([
    ['evaluate', () => connection.reader.evaluate('refuse', ['mass'])],
    ['endorse', () => connection.ledgerFor(network.identity).endorse('refuse', ['mass'])],
    ['signedRead', () => connection.reader.signedRead('refuse', ['mass'])],
  ])('gives a contract\'s refusal as the Problem that it was: %s', async (_name, run) => {
    const error = await failureOf(run);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'FIELD_WRONG_VALUE', fields: { field: 'mass' } });
  });

  it('gives a contract\'s bug as a failure', async () => {
    const error = await failureOf(() => connection.ledgerFor(network.identity).endorse('crash', []));
    expect(error).toBeInstanceOf(LedgerFailure);
    expect(error).toMatchObject({ stage: 'endorse', code: 'ABORTED', transactionId: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });

  it('says when the ledger cannot be reached, and works again when it can', async () => {
    const other = network.connect({ peers: [{ mspId: 'OperatorMSP', address: 'localhost:1' }] });
    const error = await failureOf(() => other.reader.evaluate('get', ['a']));
    expect(error).toMatchObject({ name: 'LedgerFailure', stage: 'evaluate', code: 'UNAVAILABLE', retry: 'new-id' });
    expect((error as LedgerFailure).asProblem()).toMatchObject({ code: 'LEDGER_UNREACHABLE', fields: { stage: 'evaluate', code: 'UNAVAILABLE' } });
    other.close();
  });

  it('gives blocks whose chain and transactions fit', async () => {
    const blocks = await network.blocks();
    expect(blocks[0]?.number).toBe(0n);
    for (const [place, block] of blocks.entries()) {
      if (place > 0) expect(Buffer.from(block.previousHash)).toEqual(Buffer.from(blocks[place - 1]?.hash ?? []));
    }
    const [write] = blocks[1]?.transactions[0]?.writes ?? [];
    expect(write).toMatchObject({ namespace: CHAINCODE, key: 'a' });
    expect(blocks.flatMap(({ transactions }) => transactions).find(({ event }) => event !== undefined)?.event).toMatchObject({ chaincode: CHAINCODE, name: 'incremented' });
  });

  it('gives the same ids and codes by statuses as by blocks', async () => {
    const blocks = await network.blocks();
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const { number, transactions } of connection.statuses(0n, stop.signal)) {
      seen.push([number, transactions.map(({ id, code }) => [id, code])]);
      if (seen.length === blocks.length) break;
    }
    stop.abort();
    expect(seen.slice(1)).toEqual(blocks.slice(1).map(({ number, transactions }) => [number, transactions.map(({ id, code }) => [id, code])]));
  });

  it('waits for blocks to come, and stops when told to', async () => {
    const stop = new AbortController();
    const height = await connection.reader.height();
    const next = connection.reader.blocks(height, stop.signal)[Symbol.asyncIterator]();
    const coming = next.next();
    const { block } = await committed('put', ['b', '1']);
    expect((await coming).value).toMatchObject({ number: block });
    const end = next.next();
    stop.abort();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it('gives signed reads: a payload with result, versions and endorsements, never ordered', async () => {
    const { block } = await committed('put', ['r', 'read me']);
    const height = await connection.reader.height();
    const receipt = await connection.reader.signedRead('get', ['r']);
    expect(await connection.reader.height()).toBe(height);
    expect(readSetOf(receipt)).toMatchObject({ ranges: false, reads: expect.arrayContaining([{ namespace: CHAINCODE, key: 'r', version: { block, index: 0 } }]) as unknown[] });
    const transaction = peer.Transaction.deserializeBinary(common.Payload.deserializeBinary(receipt).getData_asU8());
    const action = peer.ChaincodeActionPayload.deserializeBinary(transaction.getActionsList()[0]?.getPayload_asU8() ?? new Uint8Array()).getAction();
    const response = peer.ProposalResponsePayload.deserializeBinary(action?.getProposalResponsePayload_asU8() ?? new Uint8Array());
    const answer = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResponse();
    expect(Buffer.from(answer?.getPayload_asU8() ?? []).toString()).toBe('read me');
    expect(action?.getEndorsementsList()).not.toHaveLength(0);
  });
});

describe('a ledger whose first block is pinned', () => {
  const hashOf = async (): Promise<string> => Buffer.from((await network.blocks())[0]?.hash ?? []).toString('hex');

  it.each([0n, 2n])('is believed from block %i on', async (from) => {
    const strict = network.connect({ genesisHash: await hashOf() });
    const stop = new AbortController();
    const seen: bigint[] = [];
    for await (const { number } of strict.reader.blocks(from, stop.signal)) if (seen.push(number) === 2) break;
    expect(seen).toEqual([from, from + 1n]);
    strict.close();
  });

  it.each([[0n, 'genesis'], [2n, 'genesis']] as const)('is not believed from block %i on where another is pinned', async (from, reason) => {
    const strict = network.connect({ genesisHash: 'ab'.repeat(32) });
    const stop = new AbortController();
    const error = await failureOf(async () => { for await (const block of strict.reader.blocks(from, stop.signal)) expect(block).toBeUndefined(); });
    expect(error).toMatchObject({ code: 'LEDGER_BLOCK_WRONG', fields: { block: '0', reason } });
    expect(strict.peers()).toMatchObject([{ distrusted: true }]);
    strict.close();
  });
});

describe('the address dialled', () => {
  const tls = { rootCertificate: 'PEM' };
  it.each([
    [{ address: '127.0.0.1:7051' }, '127.0.0.1:7051'],
    [{ address: '127.0.0.1:7051', tls }, 'localhost:7051'],
    [{ address: '[::1]:7051', tls }, 'localhost:7051'],
    [{ address: 'peer0.org1.example:7051', tls }, 'peer0.org1.example:7051'],
    [{ address: '127.0.0.10:7051', tls }, '127.0.0.10:7051'],
  ])('%j is %s', (options, address) => {
    expect(dialAddress(options)).toBe(address);
  });
});

describe('the native signer in use', () => {
  it('makes transactions whose signature fits the submitter\'s certificate', async () => {
    const signed = await connection.ledgerFor(network.identity).endorse('put', ['s', '1']);
    const envelope = gateway.PreparedTransaction.deserializeBinary(signed.bytes).getEnvelope() ?? expect.fail('no envelope');
    const key = createPublicKey(network.identity.certificate);
    expect(verify('sha256', envelope.getPayload_asU8(), key, envelope.getSignature_asU8())).toBe(true);
    const header = common.Payload.deserializeBinary(envelope.getPayload_asU8()).getHeader();
    const signature = common.SignatureHeader.deserializeBinary(header?.getSignatureHeader_asU8() ?? new Uint8Array());
    const id = createHash('sha256').update(signature.getNonce_asU8()).update(signature.getCreator_asU8()).digest('hex');
    expect(id).toBe(signed.transactionId);
  });
});
