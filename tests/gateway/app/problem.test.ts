import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem, PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { asProblem, languageOf, problemBody, statusOf } from '../../../gateway/problem.js';
import { LedgerFailure } from '../../../gateway/ledger/ledger.js';
import { runGateway, type RunningGateway } from './running-gateway.js';

const quiet = { warn: () => undefined };

describe('a refusal as an answer', () => {
  it.each([
    ['GTIN_MALFORMED', 400], ['API_KEY_MISSING', 401], ['SCOPE_MISSING', 403], ['LOT_UNKNOWN', 404], ['REQUEST_TOO_SLOW', 408],
    ['LOT_ALREADY_OPENED', 409], ['LIST_TOO_LONG', 413], ['CONTENT_TYPE_WRONG', 415], ['LOT_RECALLED', 422], ['RATE_LIMITED', 429], ['OUTBOX_FULL', 503],
  ] as const)('%s is %i', (code, status) => {
    expect(statusOf(code)).toBe(status);
  });

  it('has an error status for every code', () => {
    for (const code of Object.keys(PROBLEMS) as ProblemCode[]) expect(statusOf(code)).toBeGreaterThanOrEqual(400);
  });

  it('has the members of RFC 9457, ours beside them, and both languages', () => {
    const body = problemBody(new Problem('LIST_EMPTY', { field: 'items', more: 'x' }), 'vi');
    expect(body).toEqual({
      type: 'urn:minhchung:problem:LIST_EMPTY', title: 'The list is empty.', status: 400, detail: 'Danh sách trống.',
      code: 'LIST_EMPTY', field: 'items', fields: { more: 'x' }, messageVi: 'Danh sách trống.', messageEn: 'The list is empty.',
    });
    expect(problemBody(new Problem('LIST_EMPTY'), 'en').detail).toBe('The list is empty.');
  });

  it.each([
    [undefined, 'vi'], ['', 'vi'], ['*', 'vi'], ['fr', 'vi'], ['en', 'en'], ['EN-us', 'en'], ['vi, en', 'vi'], ['en, vi', 'vi'],
    ['vi;q=0.4, en;q=0.9', 'en'], ['en;q=0', 'en'], ['en;q=x', 'en'], ['fr, en;q=0.1', 'en'],
  ])('%j asks for %s (RFC 9110 12.5.4)', (accept, language) => {
    expect(languageOf(accept)).toBe(language);
  });

  it.each([
    [{ stage: 'status', retry: 'new-id', code: 'MVCC_READ_CONFLICT' }, 'LEDGER_CONFLICT'],
    [{ stage: 'endorse', retry: 'new-id', code: 'UNAVAILABLE' }, 'LEDGER_UNREACHABLE'],
    [{ stage: 'endorse', retry: 'new-id', code: 'DEADLINE_EXCEEDED' }, 'LEDGER_UNREACHABLE'],
    [{ stage: 'endorse', retry: 'new-id', code: 'FAILED_PRECONDITION' }, 'LEDGER_ENDORSEMENT_LACKING'],
    [{ stage: 'submit', retry: 'same-id', code: 'FAILED_PRECONDITION' }, 'LEDGER_UNREACHABLE'],
    [{ stage: 'status', retry: 'new-id', code: 'PHANTOM_READ_CONFLICT' }, 'LEDGER_CONFLICT'],
    [{ stage: 'status', retry: 'new-id', code: 'ENDORSEMENT_POLICY_FAILURE' }, 'LEDGER_ENDORSEMENT_LACKING'],
    [{ stage: 'status', retry: 'new-id', code: 'EXPIRED_CHAINCODE' }, 'LEDGER_ENDORSEMENT_LACKING'],
    [{ stage: 'status', retry: 'new-id', code: 'CHAINCODE_VERSION_CONFLICT' }, 'LEDGER_ENDORSEMENT_LACKING'],
    [{ stage: 'endorse', retry: 'no', code: 'PERMISSION_DENIED' }, 'LEDGER_REJECTED'],
  ] as const)('what the ledger did not do is %j → %s', (at, code) => {
    const problem = asProblem(new LedgerFailure(at, 'x'), quiet);
    expect(problem).toMatchObject({ code, fields: { stage: at.stage, code: at.code } });
    expect(statusOf(code)).toBe({ LEDGER_CONFLICT: 409, LEDGER_REJECTED: 422 }[code as string] ?? 503);
  });

  it('is never made of our own faults', () => {
    expect(asProblem(new TypeError('x'), quiet)).toBeUndefined();
    expect(asProblem('text', quiet)).toBeUndefined();
  });
});

describe('in the application', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(async () => gateway.remove());

  it('a fault is told without detail', async () => {
    const { records } = gateway.services;
    const load = records.load.bind(records);
    try {
      Object.assign(records, { load: () => { throw new Error('secret path /etc'); } });
      const answer = await gateway.call({ url: '/v1/public/items?key=/01/09520000000011' });
      expect(answer.status).toBe(500);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.text).toBe('{"type":"about:blank","title":"Internal Server Error","status":500}');
    } finally {
      Object.assign(records, { load });
    }
  });

  it.each([
    ['no such address', { url: '/v1/nothing' }, 404, 'ROUTE_UNKNOWN'],
    ['a method that is not there', { method: 'PATCH', url: '/v1/public/trust' }, 404, 'ROUTE_UNKNOWN'],
    ['an address that cannot be read', { url: '/v1/public/media/%zz' }, 400, 'REQUEST_UNREADABLE'],
    ['a parameter without end', { url: `/v1/public/media/${'a'.repeat(200)}` }, 413, 'TEXT_TOO_LONG'],
    ['an unknown parameter', { url: '/v1/public/items?key=/01/09520000000011&x=1' }, 400, 'FIELD_UNKNOWN'],
    ['a parameter that is missing', { url: '/v1/public/items' }, 400, 'FIELD_MISSING'],
    ['a parameter given twice', { url: '/v1/public/items?key=/01/09520000000011&key=/01/09520000000028' }, 400, 'FIELD_WRONG_VALUE'],
    ['a key with NUL', { url: '/v1/public/items?key=%00' }, 400, 'ITEM_KEY_MALFORMED'],
    ['a key in another spelling', { url: '/v1/public/items?key=/01/9520000000011' }, 400, 'ITEM_KEY_NOT_CANONICAL'],
  ] as const)('%s', async (_what, request, status, code) => {
    const answer = await gateway.call({ ...request, headers: { 'accept-language': 'en' } });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['content-language']).toBe('en');
    expect(answer.body['detail']).toBe(answer.body['messageEn']);
  });
});
