import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { LedgerFailure } from '../../../gateway/ledger/ledger.js';
import { endorsedBySufficient, lackingEndorsers, type RequiredEndorsers } from '../../../gateway/ledger/required-endorsers.js';
import { payloadOf, type TransactionSpec } from './fabric-blocks.js';

const REQUIRED: RequiredEndorsers = { controlled: ['RegulatorMSP'], shared: ['RegulatorMSP', 'IndustryMSP'] };
const [REGULATOR, INDUSTRY, EDUCATION] = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'] as const;
const writes = [{ key: 'k', value: 'v' }];

describe('who must endorse a transaction besides those who did', () => {
  // Source: Fabric core/handlers/validation/builtin/v20 and core/common/validation/statebased: a collection's policy is
  // asked for what is written to it, values and metadata, and not for what is read.
  it.each<[string, TransactionSpec, readonly string[], readonly string[]]>([
    ['nothing in collections', { writes }, [INDUSTRY, EDUCATION], []],
    ['a collection is only read', { writes, collections: [{ name: 'controlled', reads: ['k'] }] }, [INDUSTRY, EDUCATION], []],
    ['a collection is written', { writes, collections: [{ name: 'controlled', reads: ['k'], writes: ['k'] }] }, [INDUSTRY, EDUCATION], [REGULATOR]],
    ['only a policy is written', { collections: [{ name: 'controlled', touched: ['k'] }] }, [INDUSTRY], [REGULATOR]],
    ['the one who must has endorsed', { writes, collections: [{ name: 'controlled', writes: ['k'] }] }, [REGULATOR, EDUCATION], []],
    ['a collection of which nobody knows anything', { writes, collections: [{ name: 'toString', writes: ['k'] }] }, [INDUSTRY, EDUCATION], []],
    ['two collections', { collections: [{ name: 'controlled', writes: ['a'] }, { name: 'shared', writes: ['b'] }] }, [EDUCATION], [REGULATOR, INDUSTRY]],
  ])('%s', (_name, spec, named, expected) => {
    expect(lackingEndorsers(payloadOf(spec), named, REQUIRED)).toEqual(expected);
  });
});

describe('a transaction that needs the regulator', () => {
  const attested = payloadOf({ writes, collections: [{ name: 'controlled', writes: ['k'] }] });
  const failure = (code: string, retry: 'new-id' | 'no' = 'new-id'): LedgerFailure => new LedgerFailure({ stage: 'endorse', transactionId: 'aa', retry, code }, 'planned');

  /** Has it endorsed; those whom the gateway named give `payload`, the peers' own choice gives `chosen`. */
  async function endorsed(named: readonly string[] | undefined, payload: Uint8Array, chosen: string | Error): Promise<{ asked: unknown[]; got: unknown }> {
    const asked: unknown[] = [];
    const endorse = async (by: readonly string[] | undefined): Promise<{ by: string; payload: Uint8Array }> => {
      asked.push(by);
      if (by !== undefined) return { by: 'named', payload };
      if (chosen instanceof Error) throw chosen;
      return { by: chosen, payload };
    };
    const got = await endorsedBySufficient({ named, required: REQUIRED, endorse, payloadOf: (one) => one.payload }).then(({ by }) => by, (error: unknown) => error);
    return { asked, got };
  }

  it.each<[string, readonly string[] | undefined, Uint8Array, string, unknown[]]>([
    ['is endorsed once where peers choose', undefined, attested, 'chosen', [undefined]],
    ['is endorsed once where the regulator is among those named', [REGULATOR, INDUSTRY], attested, 'named', [[REGULATOR, INDUSTRY]]],
    ['is left to the peers where it is not', [INDUSTRY, EDUCATION], attested, 'chosen', [[INDUSTRY, EDUCATION], undefined]],
    ['and other goods are not', [INDUSTRY, EDUCATION], payloadOf({ writes }), 'named', [[INDUSTRY, EDUCATION]]],
  ])('%s', async (_name, named, payload, got, asked) => {
    expect(await endorsed(named, payload, 'chosen')).toEqual({ got, asked });
  });

  it.each(['DEADLINE_EXCEEDED', 'UNAVAILABLE', 'FAILED_PRECONDITION', 'RESOURCE_EXHAUSTED'])('%s of the peers: the ledger cannot take it now, and it may be repeated', async (code) => {
    const { got } = await endorsed([INDUSTRY, EDUCATION], attested, failure(code));
    expect(got).toMatchObject({ stage: 'endorse', retry: 'new-id', code: 'FAILED_PRECONDITION', transactionId: 'aa', message: expect.stringContaining('RegulatorMSP') as string });
    expect((got as LedgerFailure).asProblem()).toMatchObject({ code: 'LEDGER_ENDORSEMENT_LACKING', kind: 'unavailable' });
  });

  it.each<[string, Error]>([
    ['a contract that refuses', new Problem('LOT_ALREADY_OPENED')],
    ['peers that disagree', failure('ABORTED')],
    ['a caller who may not', failure('PERMISSION_DENIED', 'no')],
    ['a bug', new TypeError('bug')],
  ])('%s is told as it is', async (_name, error) => {
    expect((await endorsed([INDUSTRY, EDUCATION], attested, error)).got).toBe(error);
  });
});
