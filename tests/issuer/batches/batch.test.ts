import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUrnUuid } from '#domain/credential/credential-id.js';
import { parseOrganisationId } from '#domain/registry/organisation.js';
import { parseDid } from '#domain/trust/did.js';
import { approved, cancelled, requirePossible, type Batch, type BatchState } from '../../../issuer/batches/batch.js';
import { readBatchOrder } from '../../../issuer/batches/batch-order.js';
import { chunked, chunkName, chunkOf } from '../../../issuer/batches/chunks.js';
import { JobLine } from '../../../issuer/batches/job-line.js';
import { SEED_BYTES, seededChance } from '../../../issuer/batches/seeded-chance.js';
import { throwsWith } from '../../support/rejects-with.js';
import { CLASS } from './graduates.js';

const DID = parseDid('did:web:dai-hoc.example');

function batch(state: BatchState): Batch {
  return {
    id: '0'.repeat(32), state, did: DID, organisation: parseOrganisationId('dai-hoc-vi-du'), institution: CLASS.institution, assurance: 'native', defaults: {},
    graduates: 1, file: '', rows: 1, bad: 0, errors: 0, preparedBy: 'PREPARER', preparedAt: 0,
  };
}

const APPROVAL = { by: 'APPROVER', now: 1_795_161_600_999, keyId: 'key-1' };

describe('a batch', () => {
  it.each<[BatchState, boolean, boolean, boolean]>([
    ['refused', false, false, false],
    ['prepared', true, true, false],
    ['signing', true, true, false],
    ['committing', true, false, false],
    ['publishing', true, false, false],
    ['stopped', true, true, false],
    ['issued', false, false, true],
    ['cancelled', false, false, false],
  ])('that is %s can be approved: %s, cancelled: %s, taken away: %s', (state, approve, cancel, download) => {
    for (const [action, isPossible] of [['approve', approve], ['cancel', cancel], ['download', download]] as const) {
      if (isPossible) requirePossible(batch(state), action);
      else throwsWith(() => { requirePossible(batch(state), action); }, 'BATCH_STATE_WRONG', { state });
    }
  });

  it('has its time and key from the approval, and nothing of a plan that was stopped', () => {
    const stopped: Batch = { ...batch('stopped'), root: 'f'.repeat(64), problem: { code: 'GRANT_MISSING', fields: {} }, issuedAt: 1, keyId: 'key-0' };
    expect(approved(stopped, APPROVAL)).toEqual({ ...batch('signing'), approvedBy: 'APPROVER', approvedAt: APPROVAL.now, keyId: 'key-1', issuedAt: 1_795_161_600, stoppedIndices: 1 });
    expect(approved({ ...stopped, stoppedIndices: 7 }, APPROVAL)).toMatchObject({ stoppedIndices: 8 });
    expect(approved(batch('prepared'), APPROVAL)).not.toHaveProperty('stoppedIndices');
  });

  it('is approved by nobody who prepared it', () => {
    throwsWith(() => approved(batch('prepared'), { ...APPROVAL, by: 'PREPARER' }), 'BATCH_SAME_PERSON', { key: 'PREPARER' });
  });

  it('that is cancelled has ended', () => {
    expect(cancelled(batch('prepared'), 7)).toEqual({ ...batch('cancelled'), endedAt: 7 });
  });

  it('that was stopped and is cancelled has lost the indices of both', () => {
    expect(cancelled({ ...batch('stopped'), rows: 250, stoppedIndices: 250 }, 7)).toMatchObject({ state: 'cancelled', stoppedIndices: 250, lostIndices: 250 });
  });
});

describe('an order', () => {
  const query = { did: DID, graduates: '120' };

  it('is read from a query', () => {
    expect(readBatchOrder({ ...query, graduationYear: '2026', decisionNumber: '123/QĐ', assurance: 'digitised' })).toEqual({ did: DID, graduates: 120, assurance: 'digitised', defaults: { graduationYear: 2026, decisionNumber: '123/QĐ' } });
  });

  it.each([
    [{ graduates: '120' }, 'FIELD_MISSING', { field: 'did' }],
    [{ ...query, did: 'did:example:x' }, 'DID_METHOD_NOT_ALLOWED', { field: 'did' }],
    [{ ...query, graduates: '1e3' }, 'FIELD_WRONG_VALUE', { field: 'graduates' }],
    [{ ...query, graduates: '-1' }, 'FIELD_WRONG_VALUE', { field: 'graduates' }],
    [{ ...query, graduates: ['1', '2'] }, 'FIELD_WRONG_VALUE', { field: 'graduates' }],
    [{ ...query, graduationYear: '26' }, 'FIELD_WRONG_VALUE', { field: 'graduationYear' }],
    [{ ...query, level: 'hedge-school' }, 'FIELD_WRONG_VALUE', { field: 'level' }],
    [{ ...query, title: 'x'.repeat(121) }, 'TEXT_TOO_LONG', { field: 'title' }],
    [{ ...query, issueDate: '31/12/2026' }, 'DATE_INVALID', { field: 'issueDate' }],
    [{ ...query, fullName: 'Nguyễn' }, 'FIELD_UNKNOWN', { field: 'fullName' }],
  ] as const)('%j is refused: %s', (value, code, fields) => {
    throwsWith(() => readBatchOrder(value), code, fields);
  });
});

describe('chance from a seed', () => {
  const seed = Buffer.alloc(SEED_BYTES, 7);

  it('is the same for the same row, and never the same for two', () => {
    const drawn = (row: number): string[] => {
      const chance = seededChance(seed, row);
      return [...Array.from({ length: 14 }, () => chance.token()), chance.urnUuid(), chance.urnUuid()];
    };
    expect(drawn(3)).toEqual(drawn(3));
    const all = Array.from({ length: 10_000 }, (_, row) => drawn(row)).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(seededChance(Buffer.alloc(SEED_BYTES, 8), 3).token()).not.toBe(drawn(3)[0]);
  });

  it('gives ids that are ids, in every row', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), (row) => {
      const chance = seededChance(seed, row);
      expect(isUrnUuid(chance.urnUuid())).toBe(true);
      expect(Buffer.from(chance.token(), 'base64url')).toHaveLength(16);
    }));
  });

  it('ends where the next row begins', () => {
    const chance = seededChance(seed, 0);
    for (let at = 0; at < 16; at += 1) chance.token();
    expect(() => chance.token()).toThrow(RangeError);
  });
});

describe('chunks', () => {
  it('hold everything once, in order, and are found by place', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 950 }), (count) => {
      const all = Array.from({ length: count }, (_, at) => at);
      const parts = [...chunked(all)];
      expect(parts.flat()).toEqual(all);
      parts.forEach((part, chunk) => expect(part.every((place) => chunkOf(place) === chunk)).toBe(true));
      const names = parts.map((_, chunk) => chunkName(chunk));
      expect(names).toEqual([...names].sort());
    }));
  });
});

describe('the line of jobs', () => {
  it('runs them one after the other, each once, and goes on after one that fails', async () => {
    const events: string[] = [];
    const faults: unknown[] = [];
    const line = new JobLine({
      run: async (id) => {
        events.push(`begin ${id}`);
        await new Promise(setImmediate);
        events.push(`end ${id}`);
        if (id === 'a') throw new Error('fault');
      },
      onFault: (error) => faults.push(error),
    });
    for (const id of ['a', 'b', 'a', 'b']) line.add(id);
    await line.ended('b');
    expect(events).toEqual(['begin a', 'end a', 'begin b', 'end b']);
    expect(faults).toEqual([new Error('fault')]);
    line.add('a');
    await line.ended('a');
    expect(events.at(-1)).toBe('end a');
  });

  it('that is closed begins nothing more, and waits for what runs', async () => {
    const ended: string[] = [];
    const line = new JobLine({
      run: async (id, signal) => {
        await new Promise((resolve) => { signal.addEventListener('abort', resolve); });
        ended.push(id);
      },
      onFault: (error) => { throw error; },
    });
    line.add('a');
    line.add('b');
    await new Promise(setImmediate);
    await line.close();
    expect(ended).toEqual(['a']);
  });
});
