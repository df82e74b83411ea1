/**
 * Measures: AIs 3100–3695. Six digits, of which the AI's last digit says how many stand behind the decimal mark, and
 * whose first three digits fix what is measured in which unit (GS1 General Specifications 3.6).
 */
import type { AiRow } from './ai-row.js';

/** What the first three digits say; the unit as UN/ECE Recommendation 20 codes it. */
type Measure = readonly [family: string, title: string, unit: string];

/** Of a trade item or of what a logistic unit contains. */
const OF_TRADE_ITEM: readonly Measure[] = [
  ['310', 'NET WEIGHT (kg)', 'KGM'],
  ['311', 'LENGTH (m)', 'MTR'],
  ['312', 'WIDTH (m)', 'MTR'],
  ['313', 'HEIGHT (m)', 'MTR'],
  ['314', 'AREA (m²)', 'MTK'],
  ['315', 'NET VOLUME (l)', 'LTR'],
  ['316', 'NET VOLUME (m³)', 'MTQ'],
  ['320', 'NET WEIGHT (lb)', 'LBR'],
  ['321', 'LENGTH (in)', 'INH'],
  ['322', 'LENGTH (ft)', 'FOT'],
  ['323', 'LENGTH (yd)', 'YRD'],
  ['324', 'WIDTH (in)', 'INH'],
  ['325', 'WIDTH (ft)', 'FOT'],
  ['326', 'WIDTH (yd)', 'YRD'],
  ['327', 'HEIGHT (in)', 'INH'],
  ['328', 'HEIGHT (ft)', 'FOT'],
  ['329', 'HEIGHT (yd)', 'YRD'],
  ['350', 'AREA (in²)', 'INK'],
  ['351', 'AREA (ft²)', 'FTK'],
  ['352', 'AREA (yd²)', 'YDK'],
  ['356', 'NET WEIGHT (tr oz)', 'APZ'],
  ['357', 'NET VOLUME (oz)', 'OZA'],
  ['360', 'NET VOLUME (qt (US))', 'QTL'],
  ['361', 'NET VOLUME (gal.)', 'GLL'],
  ['364', 'NET VOLUME (in³)', 'INQ'],
  ['365', 'NET VOLUME (ft³)', 'FTQ'],
  ['366', 'NET VOLUME (yd³)', 'YDQ'],
];

/** Of a logistic unit, or of a trade item as it is handled. */
const OF_LOGISTIC_UNIT: readonly Measure[] = [
  ['330', 'GROSS WEIGHT (kg)', 'KGM'],
  ['331', 'LENGTH (m), log', 'MTR'],
  ['332', 'WIDTH (m), log', 'MTR'],
  ['333', 'HEIGHT (m), log', 'MTR'],
  ['334', 'AREA (m²), log', 'MTK'],
  ['335', 'VOLUME (l), log', 'LTR'],
  ['336', 'VOLUME (m³), log', 'MTQ'],
  ['340', 'GROSS WEIGHT (lb)', 'LBR'],
  ['341', 'LENGTH (in), log', 'INH'],
  ['342', 'LENGTH (ft), log', 'FOT'],
  ['343', 'LENGTH (yd), log', 'YRD'],
  ['344', 'WIDTH (in), log', 'INH'],
  ['345', 'WIDTH (ft), log', 'FOT'],
  ['346', 'WIDTH (yd), log', 'YRD'],
  ['347', 'HEIGHT (in), log', 'INH'],
  ['348', 'HEIGHT (ft), log', 'FOT'],
  ['349', 'HEIGHT (yd), log', 'YRD'],
  ['353', 'AREA (in²), log', 'INK'],
  ['354', 'AREA (ft²), log', 'FTK'],
  ['355', 'AREA (yd²), log', 'YDK'],
  ['362', 'VOLUME (qt (US)), log', 'QTL'],
  ['363', 'VOLUME (gal (US)), log', 'GLL'],
  ['367', 'VOLUME (in³), log', 'INQ'],
  ['368', 'VOLUME (ft³), log', 'FTQ'],
  ['369', 'VOLUME (yd³), log', 'YDQ'],
];

/** Of a trade item alone. */
const OF_TRADE_ITEM_ALONE: readonly Measure[] = [
  ['337', 'KG PER m²', '28'],
];

const row = (needs: string) => ([family, title]: Measure): AiRow => ({
  ai: `${family}0-${family}5`, title, fields: 'N6', fixed: true, attribute: true, needs, bars: `${family}n`,
});

/** The unit of each family of measures, such as KGM for 310. */
export const MEASURE_UNITS: ReadonlyMap<string, string> = new Map(
  [...OF_TRADE_ITEM, ...OF_LOGISTIC_UNIT, ...OF_TRADE_ITEM_ALONE].map(([family, , unit]) => [family, unit]),
);

export const MEASURE_ROWS: readonly AiRow[] = [
  ...OF_TRADE_ITEM.map(row('01 02')),
  ...OF_LOGISTIC_UNIT.map(row('00 01')),
  ...OF_TRADE_ITEM_ALONE.map(row('01')),
];
