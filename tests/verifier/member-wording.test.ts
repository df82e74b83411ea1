import { expect, it } from 'vitest';
import { memberText } from '../../verifier/core/member-wording.js';

it.each([
  ['RegulatorMSP', 'Cơ quan quản lý', 'The regulator'], ['IndustryMSP', 'Khối doanh nghiệp', 'The enterprises'],
  ['EducationMSP', 'Khối giáo dục', 'The universities'], ['OperatorMSP', 'Đơn vị vận hành sổ cái', 'The operator of the ledger'],
  ['CustomsMSP', 'CustomsMSP', 'CustomsMSP'],
])('%s is shown as %s, %s', (mspId, vi, en) => {
  expect([memberText(mspId, 'vi'), memberText(mspId, 'en')]).toEqual([vi, en]);
});
