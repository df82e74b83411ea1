import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.js';
import { payloadOf, readPayload } from '#domain/credential/claims.js';
import type { ProblemCode } from '#domain/errors.js';
import { throwsWith } from '../../support/rejects-with.js';
import { BAD_PAYLOADS, type Payload } from './bad-payloads.js';

describe('a payload is refused', () => {
  test.each(BAD_PAYLOADS.map((row) => [row[0], row] as const))('%s', (_, [, of, edit, code, field, fields]) => {
    const payload = JSON.parse(canonicalJson(payloadOf(of))) as Payload;
    edit(payload);
    throwsWith(() => readPayload(payload), code, { field, ...fields });
  });

  test.each([[null], ['text'], [[]], [7], [undefined]])('%j is no payload', (value) => throwsWith(() => readPayload(value), 'CREDENTIAL_MEMBER_WRONG_TYPE', { field: '' }));

  test('no two cases have one name', () => expect(new Set(BAD_PAYLOADS.map(([name]) => name)).size).toBe(BAD_PAYLOADS.length));
});

test('every code that is said of payloads is seen above', () => {
  const seen = new Set(BAD_PAYLOADS.map(([, , , code]) => code));
  const codes = [
    'CREDENTIAL_MEMBER_MISSING', 'CREDENTIAL_MEMBER_UNKNOWN', 'CREDENTIAL_MEMBER_WRONG_TYPE', 'CREDENTIAL_SHADOW_CLAIM', 'CREDENTIAL_PERSONAL_IN_CLEAR',
    'CREDENTIAL_TIME_WRONG', 'CREDENTIAL_TIMES_ORDER', 'CREDENTIAL_EXPIRY_MISSING', 'CREDENTIAL_EXPIRY_NOT_ALLOWED', 'CREDENTIAL_ID_MALFORMED', 'CREDENTIAL_SUBJECT_MALFORMED',
    'CREDENTIAL_CONTEXT_WRONG', 'CREDENTIAL_TYPE_UNKNOWN', 'CREDENTIAL_STATUS_MISSING', 'CREDENTIAL_STATUS_REPEATED', 'CREDENTIAL_STATUS_MALFORMED', 'CREDENTIAL_STATUS_INDEX_WRONG',
    'CREDENTIAL_STATUS_LIST_WRONG', 'CREDENTIAL_SCHEMA_UNKNOWN', 'CREDENTIAL_SCHEMA_DIGEST_WRONG', 'CREDENTIAL_DIGESTS_MISSING', 'CREDENTIAL_DIGESTS_NOT_ALLOWED', 'CREDENTIAL_DIGEST_MALFORMED',
    'CREDENTIAL_DIGEST_REPEATED', 'CREDENTIAL_DIGESTS_NOT_SORTED', 'CREDENTIAL_DIGEST_ALGORITHM_WRONG', 'CREDENTIAL_REPLACES_ITSELF', 'ENTERPRISE_NUMBER_MALFORMED',
    'ENTERPRISE_NUMBER_CHECK_DIGIT_WRONG', 'ENTERPRISE_NUMBER_PERSONAL', 'ENTERPRISE_NUMBER_NOT_FICTIONAL', 'COMPANY_PREFIXES_OVERLAP', 'DIPLOMA_DATES_ORDER', 'DID_MALFORMED', 'DID_METHOD_NOT_ALLOWED',
  ] as const satisfies readonly ProblemCode[];
  expect(codes.filter((code) => !seen.has(code))).toEqual([]);
});
