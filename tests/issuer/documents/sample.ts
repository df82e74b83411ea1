/** A diploma of nobody, to be printed. */
import type { Day } from '#domain/instant.js';
import type { DiplomaDocument } from '../../../issuer/documents/diploma-page.js';
import { CLASS } from '../batches/graduates.js';

const { institution, fictional, defaults } = CLASS;

export function sampleDocument(change: { readonly diploma?: object; readonly personal?: object } & Partial<Omit<DiplomaDocument, 'diploma' | 'personal'>> = {}): DiplomaDocument {
  const { diploma = {}, personal = {}, ...rest } = change;
  return {
    diploma: { institution, assurance: 'native', fictional, ...defaults, ...diploma } as DiplomaDocument['diploma'],
    personal: { fullName: 'Nguyễn Thị Mây', dateOfBirth: '2004-05-31' as Day, serialNumber: 'VD 0001234', registerNumber: '001/2026/ĐHVD', classification: 'very-good', ...personal },
    publicId: '2GLC42sKQveCfGfryNRN9w', revealKey: 'eluV5Og3gSNII8EYnsxA_A', origin: 'https://xac-minh.example', mark: '0192f3a8b4c13f00aa / 17', ...rest,
  };
}
