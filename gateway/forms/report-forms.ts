/** Bodies that concern citizens' reports. */
import { citizenReport, REPORT_LIMITS, REPORT_REASONS } from '#domain/goods/citizen-report.js';
import { object, paragraphs } from '#domain/shape.js';
import { objectSchema, type JsonSchema, type RequestForm } from './request-form.js';
import { choice, line, PROVINCE } from './schema-parts.js';

export const BAND_STATE: JsonSchema = { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', maxLength: 40, description: 'state of the public page\'s band, e.g. unknown-code' };
export const REASON_OF_REPORT = choice(...REPORT_REASONS);
export const REPORT_TEXT = line(REPORT_LIMITS.text, 'several lines of text, Unicode form NFC');
export const CONTACT = line(REPORT_LIMITS.contact, 'how the authority may ask back');
export const CODE = line(REPORT_LIMITS.code, 'what was scanned or typed');
export const ADDRESS: JsonSchema = { type: 'string', pattern: '^/', maxLength: REPORT_LIMITS.code, description: 'path and query of the link, where it could be read' };

export const CITIZEN_REPORT = {
  shape: citizenReport,
  schema: objectSchema({
    token: { type: 'string', pattern: '^[A-Za-z0-9_-]{16,64}$', description: 'random; the same with the same content again is the same report' },
    code: CODE, reason: REASON_OF_REPORT, judged: { ...BAND_STATE, description: 'what the sender made of the code when the report came' },
  }, { address: ADDRESS, shown: BAND_STATE, text: REPORT_TEXT, province: PROVINCE, contact: CONTACT }),
  example: {
    token: 'x6Zb0m3kQ9wT1rYvLd2sNw', code: '/01/09520000000011/21/7QK2M9ZD4XWA', address: '/01/09520000000011/21/7QK2M9ZD4XWA', shown: 'recalled', judged: 'recalled',
    reason: 'sold-after-recall', text: 'Vẫn bày trên kệ.', province: '15', contact: '0900 000 000',
  },
} as const satisfies RequestForm;

export const HANDLING = {
  shape: object({ note: paragraphs(1_000) }),
  schema: objectSchema({ note: line(1_000, 'what was found or done, several lines') }),
  example: { note: 'Đã kiểm tra cửa hàng, thu về 12 hộp.' },
} as const satisfies RequestForm;
