/** Keys, lots, dates, serials, variants: AIs 00–37. Source: GS1 General Specifications 3; field parts and associations as in GS1's Barcode Syntax Dictionary. */
import type { AiRow } from './ai-row.js';
import { GTIN_OR_CONTENT, SERIALISABLE, TRADE_ITEM } from './associations.js';

export const IDENTIFICATION_ROWS: readonly AiRow[] = [
  { ai: '00', title: 'SSCC', fields: 'N18:csum:gcppos2', fixed: true, attribute: true, key: '' },
  { ai: '01', title: 'GTIN', fields: 'N14:csum:gcppos2', fixed: true, attribute: true, key: '22 10 21 | 235', bars: '255 37' },
  { ai: '02', title: 'CONTENT', fields: 'N14:csum:gcppos2', fixed: true, attribute: true, needs: '37', bars: '01 03' },
  { ai: '03', title: 'MTO GTIN', fields: 'N14:csum:gcppos2', fixed: true, bars: '01 02 37 235' },
  { ai: '10', title: 'BATCH/LOT', fields: 'X..20', attribute: true, needs: TRADE_ITEM },
  { ai: '11', title: 'PROD DATE', fields: 'N6:yymmd0', fixed: true, attribute: true, needs: TRADE_ITEM },
  { ai: '12', title: 'DUE DATE', fields: 'N6:yymmd0', fixed: true, attribute: true, needs: '8020' },
  { ai: '13', title: 'PACK DATE', fields: 'N6:yymmd0', fixed: true, attribute: true, needs: TRADE_ITEM },
  { ai: '15', title: 'BEST BEFORE or BEST BY', fields: 'N6:yymmd0', fixed: true, attribute: true, needs: TRADE_ITEM },
  { ai: '16', title: 'SELL BY', fields: 'N6:yymmd0', fixed: true, attribute: true, needs: TRADE_ITEM },
  { ai: '17', title: 'USE BY or EXPIRY', fields: 'N6:yymmd0', fixed: true, attribute: true, needs: '01 02 03 255 8006 8026' },
  { ai: '20', title: 'VARIANT', fields: 'N2', fixed: true, attribute: true, needs: TRADE_ITEM },
  { ai: '21', title: 'SERIAL', fields: 'X..20', needs: SERIALISABLE, bars: '235' },
  { ai: '22', title: 'CPV', fields: 'X..20', needs: '01' },
  { ai: '235', title: 'TPX', fields: 'X..28', needs: '01' },
  { ai: '240', title: 'ADDITIONAL ID', fields: 'X..30', attribute: true, needs: TRADE_ITEM },
  { ai: '241', title: 'CUST. PART No.', fields: 'X..30', attribute: true, needs: TRADE_ITEM },
  { ai: '242', title: 'MTO VARIANT', fields: 'N..6', attribute: true, needs: '01 02 8006 8026' },
  { ai: '243', title: 'PCN', fields: 'X..20', attribute: true, needs: '01 03' },
  { ai: '250', title: 'SECONDARY SERIAL', fields: 'X..30', attribute: true, needs: '01+21 03+21 8006+21' },
  { ai: '251', title: 'REF. TO SOURCE', fields: 'X..30', attribute: true, needs: SERIALISABLE },
  { ai: '253', title: 'GDTI', fields: 'N13:csum:gcppos1 X..17?', attribute: true, key: '' },
  { ai: '254', title: 'GLN EXTENSION COMPONENT', fields: 'X..20', needs: '414' },
  { ai: '255', title: 'GCN', fields: 'N13:csum:gcppos1 N..12?', attribute: true, key: '', bars: '01 02 415 8006 8020 8026' },
  { ai: '30', title: 'VAR. COUNT', fields: 'N..8', attribute: true, needs: GTIN_OR_CONTENT },
  { ai: '37', title: 'COUNT', fields: 'N..8', attribute: true, needs: '00+02 00+8026' },
];
