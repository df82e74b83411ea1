/** Who keeps the ledger, in a reader's words. */
import { words, type Language, type Words } from './goods/language.js';

const MEMBERS: Readonly<Record<string, Words>> = {
  RegulatorMSP: words('Cơ quan quản lý', 'The regulator'),
  IndustryMSP: words('Khối doanh nghiệp', 'The enterprises'),
  EducationMSP: words('Khối giáo dục', 'The universities'),
  OperatorMSP: words('Đơn vị vận hành sổ cái', 'The operator of the ledger'),
};

/**
 * @param mspId a member organisation of the ledger, e.g. `RegulatorMSP`
 * @returns e.g. `Cơ quan quản lý`; of a member that joined later, its id
 */
export function memberText(mspId: string, language: Language): string {
  return MEMBERS[mspId]?.[language] ?? mspId;
}
