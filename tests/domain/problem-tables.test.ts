/** The tables of refusals: together the closed list, and no code in two of them. */
import { expect, test } from 'vitest';
import { PROBLEMS } from '../../domain/errors.js';
import { CREDENTIAL_PROBLEMS } from '../../domain/problems/credential-problems.js';
import { FABRIC_PROBLEMS } from '../../domain/problems/fabric-problems.js';
import { GATEWAY_PROBLEMS } from '../../domain/problems/gateway-problems.js';
import { GS1_PROBLEMS } from '../../domain/problems/gs1-problems.js';
import { LEDGER_PROBLEMS } from '../../domain/problems/ledger-problems.js';
import { TRADE_PROBLEMS } from '../../domain/problems/trade-problems.js';
import { TRUST_PROBLEMS } from '../../domain/problems/trust-problems.js';
import { VERIFICATION_PROBLEMS } from '../../domain/problems/verification-problems.js';

const TABLES = [GS1_PROBLEMS, TRADE_PROBLEMS, TRUST_PROBLEMS, VERIFICATION_PROBLEMS, LEDGER_PROBLEMS, GATEWAY_PROBLEMS, CREDENTIAL_PROBLEMS, FABRIC_PROBLEMS];

test('a code stands in one table, once', () => {
  const codes = TABLES.flatMap((table) => Object.keys(table));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(codes.sort()).toEqual(Object.keys(PROBLEMS).sort());
});
