import { peer } from '@hyperledger/fabric-protos';
import { status as grpcStatus } from '@grpc/grpc-js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, grpcName, meantAtSubmit, meantCode, refusesBytes, retryAfterGrpc, retryAfterValidation, type Retry } from '../../../gateway/ledger/retry.js';

/** Source: fabric-protos peer/transaction.proto, TxValidationCode; what a fresh endorsement can and cannot mend. */
const NEW_ID = new Set(['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT', 'ENDORSEMENT_POLICY_FAILURE', 'EXPIRED_CHAINCODE', 'CHAINCODE_VERSION_CONFLICT']);
const SAME_ID = new Set(['DUPLICATE_TXID', 'NOT_VALIDATED']);

describe('after a validation code', () => {
  it.each(Object.entries(peer.TxValidationCode))('%s (%i) has its rule', (name, code) => {
    const rule = retryAfterValidation(code);
    const expected: Retry = NEW_ID.has(name) ? 'new-id' : SAME_ID.has(name) ? 'same-id' : 'no';
    expect(rule).toMatchObject({ name, retry: expected });
    expect(rule.times > 0).toBe(expected === 'new-id');
  });

  it('contention may be repeated often, a changed definition twice', () => {
    expect(retryAfterValidation(11).times).toBeGreaterThan(10);
    expect(retryAfterValidation(10).times).toBe(2);
  });

  it('a code of a later Fabric is not tried again', () => {
    expect(retryAfterValidation(99)).toEqual({ name: 'CODE_99', retry: 'no', times: 0 });
  });
});

/** Source: hyperledger/fabric internal/pkg/gateway submit.go and endorse.go: which codes they answer, and when. */
const GRPC: readonly [keyof typeof grpcStatus, endorse: Retry, submit: Retry][] = [
  ['UNAVAILABLE', 'new-id', 'same-id'],
  ['DEADLINE_EXCEEDED', 'new-id', 'same-id'],
  ['RESOURCE_EXHAUSTED', 'new-id', 'same-id'],
  ['FAILED_PRECONDITION', 'new-id', 'same-id'],
  ['CANCELLED', 'new-id', 'same-id'],
  ['ABORTED', 'new-id', 'no'],
  ['INVALID_ARGUMENT', 'no', 'no'],
  ['PERMISSION_DENIED', 'no', 'no'],
  ['UNAUTHENTICATED', 'no', 'no'],
  ['UNIMPLEMENTED', 'no', 'no'],
  ['UNKNOWN', 'no', 'same-id'],
  ['INTERNAL', 'no', 'same-id'],
  ['DATA_LOSS', 'no', 'same-id'],
  ['NOT_FOUND', 'no', 'same-id'],
  ['ALREADY_EXISTS', 'no', 'same-id'],
  ['OUT_OF_RANGE', 'no', 'same-id'],
];

describe('after a gRPC code', () => {
  it.each(GRPC)('%s: endorse %s, submit %s', (name, endorse, submit) => {
    const code = grpcStatus[name];
    expect(grpcName(code)).toBe(name);
    expect(retryAfterGrpc('endorse', code)).toBe(endorse);
    expect(retryAfterGrpc('evaluate', code)).toBe(endorse);
    expect(retryAfterGrpc('submit', code)).toBe(submit);
    expect(retryAfterGrpc('status', code)).toBe('same-id');
  });

  it('has a rule for every code that gRPC has', () => {
    const names = Object.keys(grpcStatus).filter((name) => Number.isNaN(Number(name)) && name !== 'OK');
    expect(GRPC.map(([name]): string => name).sort()).toEqual(names.sort());
  });

  it('what nobody knows may have had an effect', () => {
    expect([retryAfterGrpc('endorse', 42), retryAfterGrpc('submit', 42), grpcName(42)]).toEqual(['no', 'same-id', 'GRPC_42']);
  });
});

describe('what a gateway service means', () => {
  const dial = 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:18301: connect: connection refused"';
  const launch = 'error in simulation: failed to execute transaction 70f21f87: could not launch chaincode minhchung-75388cb8: connection to minhchung-75388cb8 failed: error cannot create connection';
  const refused = 'chaincode response 500, TypeError: cannot read properties of undefined';
  const mismatch = 'ProposalResponsePayloads do not match (base64): \'Ch4=\' vs \'Ch8=\'';

  // Source: what peers of Fabric 3.1 answered on a network of three, with processes killed; endorse.go for the mismatch.
  it.each<[string, keyof typeof grpcStatus, string, string[], keyof typeof grpcStatus]>([
    ['endorsers that cannot be dialled', 'ABORTED', 'failed to collect enough transaction endorsements', [dial, dial], 'UNAVAILABLE'],
    ['a chaincode server that is away', 'ABORTED', 'failed to endorse transaction', [launch], 'UNAVAILABLE'],
    ['a contract that failed', 'ABORTED', 'failed to endorse transaction', [refused], 'ABORTED'],
    ['one peer away, and another on which the contract failed', 'ABORTED', 'failed to collect enough transaction endorsements', [dial, refused], 'ABORTED'],
    ['peers that disagree', 'ABORTED', 'failed to collect enough transaction endorsements', [mismatch], 'ABORTED'],
    ['an ABORTED without a word', 'ABORTED', 'failed to endorse transaction', [], 'ABORTED'],
    ['too many requests at once', 'UNKNOWN', 'too many requests for /gateway.Gateway, exceeding concurrency limit (500)', [], 'RESOURCE_EXHAUSTED'],
    ['a contract\'s own words about too many requests', 'UNKNOWN', 'evaluate call to endorser returned error: chaincode response 500, too many requests', [refused], 'UNKNOWN'],
    ['no peers for the policy', 'FAILED_PRECONDITION', 'no combination of peers can be derived which satisfy the endorsement policy', [], 'FAILED_PRECONDITION'],
  ])('%s: %s', (_name, code, message, details, meant) => {
    expect(meantCode(grpcStatus[code], message, details)).toBe(grpcStatus[meant]);
  });
});

describe('what a gateway service means when it submits', () => {
  const said = (status: string, info: string): string => `received unsuccessful response from orderer: status=${status}, info=${info}`;
  const refused = (status: string): string => said(status, 'implicit policy evaluation failed');
  const tooLarge = said('BAD_REQUEST', 'message payload is 10485761 bytes and exceeds maximum allowed 10485760 bytes');
  const dial = 'rpc error: code = Unavailable desc = connection error';

  // Source: hyperledger/fabric internal/pkg/gateway submit.go (submitBFT, broadcastToAll), orderer/common/broadcast ClassifyError,
  // orderer/common/msgprocessor sizefilter.go, expiration.go, orderer/common/multichannel BroadcastChannelSupport.
  it.each<[string, keyof typeof grpcStatus, string[], keyof typeof grpcStatus]>([
    ['all orderers that were heard refuse the bytes', 'UNAVAILABLE', [refused('FORBIDDEN'), refused('FORBIDDEN')], 'ABORTED'],
    ['they are too large for all', 'UNAVAILABLE', [tooLarge, tooLarge], 'ABORTED'],
    ['the certificate has ended', 'UNAVAILABLE', [said('BAD_REQUEST', 'broadcast client identity expired')], 'ABORTED'],
    ['orderers have not joined the channel', 'UNAVAILABLE', [said('BAD_REQUEST', 'channel does not exist'), said('BAD_REQUEST', 'channel does not exist')], 'UNAVAILABLE'],
    ['one refuses them, one is away', 'UNAVAILABLE', [refused('FORBIDDEN'), dial], 'UNAVAILABLE'],
    ['they have ordered them already', 'UNAVAILABLE', [refused('SERVICE_UNAVAILABLE'), refused('SERVICE_UNAVAILABLE')], 'UNAVAILABLE'],
    ['one only speaks of a refusal', 'UNAVAILABLE', [refused('FORBIDDEN'), `status=X, ${refused('FORBIDDEN')}`], 'UNAVAILABLE'],
    ['no orderer was heard', 'UNAVAILABLE', [], 'UNAVAILABLE'],
    ['one orderer spoke for all', 'ABORTED', [], 'ABORTED'],
    ['too late', 'DEADLINE_EXCEEDED', [refused('FORBIDDEN')], 'DEADLINE_EXCEEDED'],
  ])('%s: %s', (_name, code, details, meant) => {
    expect(meantAtSubmit(grpcStatus[code], details)).toBe(grpcStatus[meant]);
  });

  it('a refusal is about the bytes where no other peer would take them', () => {
    expect(GRPC.filter(([name]) => refusesBytes(name)).map(([name]) => name)).toEqual(['ABORTED', 'INVALID_ARGUMENT', 'PERMISSION_DENIED', 'UNAUTHENTICATED', 'UNIMPLEMENTED']);
    expect(refusesBytes('TRANSACTION_DIFFERENT')).toBe(false);
  });
});

describe('backOff', () => {
  it.each([[0, 0.5, 20], [1, 0.5, 40], [2, 1, 160], [9, 0.5, 500], [60, 0.999, 999]])('attempt %i with chance %d waits %d ms', (attempt, random, ms) => {
    expect(backOff(attempt, random)).toBe(ms);
  });

  it('never exceeds its ceiling', () => {
    fc.assert(fc.property(fc.nat(1000), fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 5000 }), (attempt, random, ceiling) => {
      const ms = backOff(attempt, random, 20, ceiling);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(ceiling);
    }));
  });
});
