/** One organisation's peer lies, and is asked first: docs/network.md, "What each can do alone, and what not". */
import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LedgerFailure, type LedgerConnection, type SubmitOptions } from '../../../gateway/ledger/ledger.js';
import { openLedger, type GatewayLedger } from '../../../gateway/ledger/open-ledger.js';
import { CounterNetwork } from './counter-network.js';
import { payloadOfBothKinds } from './payload-of-both-kinds.js';
import { RoguePeer, type Lie, type Refusal } from './rogue-peer.js';

const FORBIDDEN: Refusal = { code: status.ABORTED, details: 'received unsuccessful response from orderer: status=FORBIDDEN, info=no' };

let network: CounterNetwork;
let honest: string;
let rogue: RoguePeer;
let second: RoguePeer;
const opened: (() => unknown)[] = [];

beforeAll(async () => {
  network = await CounterNetwork.start();
  honest = network.fabric().peers[0]?.address ?? '';
});
afterAll(async () => network.stop());
beforeEach(async () => {
  rogue = await RoguePeer.before(honest);
  second = await RoguePeer.before(honest);
});
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  rogue.close();
  second.close();
});

const among = (...honestOnes: string[]) => ({ peers: [{ mspId: 'EvilMSP', address: rogue.address }, ...honestOnes.map((mspId) => ({ mspId, address: honest }))], minimumOrganisations: 2 });

function connect(options: Partial<Parameters<CounterNetwork['fabric']>[0]> = among('RegulatorMSP', 'EducationMSP')): LedgerConnection {
  const connection = network.connect(options);
  opened.push(() => connection.close());
  return connection;
}

async function open(options: Partial<Parameters<CounterNetwork['fabric']>[0]> = among('RegulatorMSP', 'EducationMSP')): Promise<GatewayLedger> {
  const ledger = await openLedger({ fabric: network.fabric(options), outboxDirectory: network.folder(`outbox-${randomUUID()}`), answerWithinMs: 10_000, resendAfterMs: 100 });
  opened.push(async () => ledger.close());
  return ledger;
}

const how = (): SubmitOptions => ({ identity: network.identity, idempotency: { principal: 'enterprise-1', key: randomUUID(), body: 'body' } });

describe('it returns something else than was proposed', () => {
  /** What it returns can be read as the transaction that was asked for, and as a proposal to ship to the thief. */
  const otherProposal: Lie = (request) => {
    const proposal = peer.Proposal.deserializeBinary(gateway.EndorseRequest.deserializeBinary(request).getProposedTransaction()?.getProposalBytes_asU8() ?? new Uint8Array());
    const envelope = new common.Envelope();
    envelope.setPayload(payloadOfBothKinds(proposal.getHeader_asU8(), ['put', 'stolen', 'v']));
    const answer = new gateway.EndorseResponse();
    answer.setPreparedTransaction(envelope);
    return Buffer.from(answer.serializeBinary());
  };

  it('gets no signature: an honest peer is asked, and the liar not again for a minute', async () => {
    rogue.lies.Endorse = otherProposal;
    const connection = connect();
    const signed = await connection.ledgerFor(network.identity).endorse('put', ['mine', 'v']);
    expect(signed.result).toBe('mine=v');
    expect(connection.peers().map(({ distrusted }) => distrusted)).toEqual([true, false, false]);
  });

  it('is told as what it is where no other peer can be asked', async () => {
    rogue.lies.Endorse = otherProposal;
    const failure = await connect(among()).ledgerFor(network.identity).endorse('put', ['mine', 'v']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LedgerFailure);
    expect(failure).toMatchObject({ stage: 'endorse', code: 'TRANSACTION_DIFFERENT', retry: 'new-id', transactionId: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((failure as LedgerFailure).asProblem()).toMatchObject({ code: 'LEDGER_UNREACHABLE', fields: { stage: 'endorse', code: 'TRANSACTION_DIFFERENT' } });
  });
});

describe('it passes a transaction on and says that it was refused', () => {
  it.each([
    ['ABORTED', status.ABORTED], ['INVALID_ARGUMENT', status.INVALID_ARGUMENT], ['PERMISSION_DENIED', status.PERMISSION_DENIED],
    ['UNIMPLEMENTED', status.UNIMPLEMENTED], ['UNAUTHENTICATED', status.UNAUTHENTICATED],
  ])('%s: the caller is told what the ledger says', async (_name, code) => {
    rogue.lies.Submit = () => ({ code, details: 'received unsuccessful response from orderer: status=BAD_REQUEST, info=no' });
    const ledger = await open();
    const key = randomUUID();
    const answer = await ledger.submit('put', [key, 'v'], how());
    expect(answer).toMatchObject({ status: 'committed' });
    expect(await ledger.outcome(answer.transactionId)).toMatchObject({ status: 'committed' });
    expect(await ledger.evaluate('get', [key])).toBe('v');
  });

  it('it is rejected where peers of two organisations refuse it', async () => {
    rogue.refusals.Submit = FORBIDDEN;
    second.refusals.Submit = FORBIDDEN;
    const ledger = await open({ peers: [{ mspId: 'EvilMSP', address: rogue.address }, { mspId: 'RegulatorMSP', address: second.address }], minimumOrganisations: 2 });
    const failure = await ledger.submit('put', [randomUUID(), 'v'], how()).catch((error: unknown) => error) as LedgerFailure;
    expect(failure).toMatchObject({ name: 'LedgerFailure', stage: 'submit', code: 'ABORTED', retry: 'no' });
    expect(failure.asProblem().code).toBe('LEDGER_REJECTED');
  });

  it('on a network of one organisation its word is enough', async () => {
    rogue.refusals.Submit = FORBIDDEN;
    const ledger = await open(among());
    await expect(ledger.submit('put', [randomUUID(), 'v'], how())).rejects.toMatchObject({ stage: 'submit', code: 'ABORTED', retry: 'no' });
  });
});

describe('it lies about what became of a transaction', () => {
  const conflict: Lie = (_request, answer) => {
    const said = gateway.CommitStatusResponse.deserializeBinary(answer);
    said.setResult(peer.TxValidationCode.MVCC_READ_CONFLICT);
    return Buffer.from(said.serializeBinary());
  };

  it('what two others say counts', async () => {
    rogue.lies.CommitStatus = conflict;
    const connection = connect();
    const signed = await connection.ledgerFor(network.identity).endorse('put', [randomUUID(), 'v']);
    await connection.send(signed);
    expect(await connection.commitStatus(signed.transactionId)).toMatchObject({ code: 0 });
  });

  it('nothing is known where one says this and one says that', async () => {
    rogue.lies.CommitStatus = conflict;
    const connection = connect(among('RegulatorMSP'));
    const signed = await connection.ledgerFor(network.identity).endorse('put', [randomUUID(), 'v']);
    await connection.send(signed);
    expect(await connection.commitStatus(signed.transactionId)).toBeUndefined();
  });
});
