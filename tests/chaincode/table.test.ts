import { describe, expect, test } from 'vitest';
import { TRANSACTIONS, type Role, type TransactionName } from '#domain/transactions.js';
import type { Caller } from '#domain/access.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { contracts } from '../../chaincode/index.js';
import { ContractWorld } from '../support/contract-world.js';
import { Problem } from '#domain/errors.js';
import { registrar } from '../support/fictional.js';
import { rejectsWith } from '../support/rejects-with.js';

function callable(): string[] {
  return contracts.flatMap((type) => {
    const contract = new type();
    return Object.getOwnPropertyNames(type.prototype).filter((name) => name !== 'constructor').map((name) => `${contract.getName()}:${name}`);
  });
}

test('every public method of a contract stands in the table, and every row has its method', () => {
  expect(callable().sort()).toEqual(Object.keys(TRANSACTIONS).sort());
});

const ROLES: readonly Role[] = ['registrar', 'authority', 'inspector', 'enterprise', 'institution', 'reader'];
const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP', 'StrangerMSP'];
const HOME: Record<Role, string[]> = {
  registrar: ['RegulatorMSP'], authority: ['RegulatorMSP'], inspector: ['RegulatorMSP'],
  enterprise: ['IndustryMSP'], institution: ['EducationMSP'], reader: ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'],
};

describe('access', () => {
  for (const name of Object.keys(TRANSACTIONS) as TransactionName[]) {
    test(`${name}: every role of every member`, async () => {
      for (const role of ROLES) {
        for (const msp of MEMBERS) {
          const allowed = (TRANSACTIONS[name].roles as readonly Role[]).includes(role) && HOME[role].includes(msp);
          const refusal = await answerOf({ msp, role, organisation: 'tra-shan' as OrganisationId }, name);
          expect({ role, msp, refused: refusal === 'CALLER_NOT_ALLOWED' }).toEqual({ role, msp, refused: !allowed });
        }
      }
    });
  }

  async function answerOf(caller: Caller, name: TransactionName): Promise<string | undefined> {
    try {
      await new ContractWorld().call(caller, name, {});
      return undefined;
    } catch (error) {
      return error instanceof Problem ? error.code : undefined;
    }
  }

  test('a certificate without a role or an organisation calls nothing', async () => {
    const nobody = { msp: 'IndustryMSP', role: undefined, organisation: undefined } as unknown as Caller;
    await rejectsWith(new ContractWorld().call(nobody, 'goods:readItem', '/01/09520000000011'), 'CALLER_UNREADABLE', { msp: 'IndustryMSP' });
  });

  test('a role that is not one is refused, whatever it is called', async () => {
    const odd = { msp: 'IndustryMSP', role: 'constructor', organisation: 'tra-shan' } as unknown as Caller;
    await rejectsWith(new ContractWorld().call(odd, 'goods:readItem', '/01/09520000000011'), 'CALLER_UNREADABLE');
  });
});

describe('arguments', () => {
  test('two instead of one', async () => {
    await rejectsWith(new ContractWorld().call(registrar, 'registry:grantPrefix', '{}', ['{}']), 'ARGUMENT_COUNT', { expected: '1', got: '2' });
  });

  test.each([
    ['not JSON', '{', 'TEXT_NOT_JSON', {}],
    ['a key twice', '{"id":"a","id":"b"}', 'JSON_DUPLICATE_KEY', { field: 'id' }],
    ['a key twice, spelt differently', '{"id":"a","\\u0069d":"b"}', 'JSON_DUPLICATE_KEY', { field: 'id' }],
    ['not an object', '[]', 'FIELD_WRONG_TYPE', {}],
    ['a field nobody knows', '{"organisation":"tra-shan","prefix":"952000","x":1}', 'FIELD_UNKNOWN', { field: 'x' }],
    ['a missing field', '{"organisation":"tra-shan"}', 'FIELD_MISSING', { field: 'prefix' }],
    ['a number where text is due', '{"organisation":"tra-shan","prefix":952000}', 'FIELD_WRONG_TYPE', { field: 'prefix' }],
    ['__proto__', '{"organisation":"tra-shan","prefix":"952000","__proto__":{}}', 'FIELD_UNKNOWN', { field: '__proto__' }],
    ['nested too deeply', `${'['.repeat(40)}${']'.repeat(40)}`, 'JSON_TOO_DEEP', {}],
  ] as const)('%s', async (_, text, code, fields) => {
    await rejectsWith(new ContractWorld().call(registrar, 'registry:grantPrefix', text), code, fields);
  });
});
