import { peer } from '@hyperledger/fabric-protos';
import { status as grpcStatus } from '@grpc/grpc-js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, grpcName, retryAfterGrpc, retryAfterValidation, type Retry } from '../../../gateway/ledger/retry.js';

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
