/** Amounts and prices (AIs 3900–3955), orders, locations, parties and countries (AIs 400–427). Source: GS1 General Specifications 3; field parts and associations as in GS1's Barcode Syntax Dictionary. */
import type { AiRow } from './ai-row.js';
import { ANY_GTIN, LOGISTIC_UNIT, TRADE_ITEM } from './associations.js';

export const MONEY_AND_PLACE_ROWS: readonly AiRow[] = [
  { ai: '3900-3909', title: 'AMOUNT', fields: 'N..15', attribute: true, needs: '255 8020', bars: '390n 391n 394n 8111' },
  { ai: '3910-3919', title: 'AMOUNT', fields: 'N3:iso4217 N..15', attribute: true, needs: '8020', bars: '391n' },
  { ai: '3920-3929', title: 'PRICE', fields: 'N..15', attribute: true, needs: '01+30 01+31nn 01+32nn 01+35nn 01+36nn', bars: '392n 393n' },
  { ai: '3930-3939', title: 'PRICE', fields: 'N3:iso4217 N..15', attribute: true, needs: '30 31nn 32nn 35nn 36nn', bars: '393n' },
  { ai: '3940-3943', title: 'PRCNT OFF', fields: 'N4', attribute: true, needs: '255', bars: '394n 8111' },
  { ai: '3950-3955', title: 'PRICE/UoM', fields: 'N6', attribute: true, needs: '30 31nn 32nn 35nn 36nn', bars: '392n 393n 395n 8005' },
  { ai: '400', title: 'ORDER NUMBER', fields: 'X..30', attribute: true },
  { ai: '401', title: 'GINC', fields: 'X..30:gcppos1', attribute: true, key: '' },
  { ai: '402', title: 'GSIN', fields: 'N17:csum:gcppos1', attribute: true, key: '' },
  { ai: '403', title: 'ROUTE', fields: 'X..30', attribute: true, needs: LOGISTIC_UNIT },
  { ai: '410', title: 'SHIP TO LOC', fields: 'N13:csum:gcppos1', fixed: true, attribute: true },
  { ai: '411', title: 'BILL TO', fields: 'N13:csum:gcppos1', fixed: true, attribute: true },
  { ai: '412', title: 'PURCHASE FROM', fields: 'N13:csum:gcppos1', fixed: true, attribute: true },
  { ai: '413', title: 'SHIP FOR LOC', fields: 'N13:csum:gcppos1', fixed: true, attribute: true },
  { ai: '414', title: 'LOC No.', fields: 'N13:csum:gcppos1', fixed: true, attribute: true, key: '254 | 7040' },
  { ai: '415', title: 'PAY TO', fields: 'N13:csum:gcppos1', fixed: true, attribute: true, key: '8020', needs: '8020' },
  { ai: '416', title: 'PROD/SERV LOC', fields: 'N13:csum:gcppos1', fixed: true, attribute: true },
  { ai: '417', title: 'PARTY', fields: 'N13:csum:gcppos1', fixed: true, attribute: true, key: '7040' },
  { ai: '420', title: 'SHIP TO POST', fields: 'X..20', attribute: true, bars: '421' },
  { ai: '421', title: 'SHIP TO POST', fields: 'N3:iso3166 X..9', attribute: true, bars: '4307' },
  { ai: '422', title: 'ORIGIN', fields: 'N3:iso3166', attribute: true, needs: TRADE_ITEM, bars: '426' },
  { ai: '423', title: 'COUNTRY - INITIAL PROCESS', fields: 'N3:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166', attribute: true, needs: ANY_GTIN, bars: '426' },
  { ai: '424', title: 'COUNTRY - PROCESS', fields: 'N3:iso3166', attribute: true, needs: ANY_GTIN, bars: '426' },
  { ai: '425', title: 'COUNTRY - DISASSEMBLY', fields: 'N3:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166 N3?:iso3166', attribute: true, needs: ANY_GTIN, bars: '426' },
  { ai: '426', title: 'COUNTRY - FULL PROCESS', fields: 'N3:iso3166', attribute: true, needs: ANY_GTIN },
  { ai: '427', title: 'ORIGIN SUBDIVISION', fields: 'X..3', attribute: true, needs: '01+422 02+422 03+422' },
];
