/** The texts of a label, before they are set. */
import type { ItemLabel } from './label-job.js';
import type { LabelSetting } from './label-setting.js';
import { printableText } from './printable-text.js';
import { dayInWords } from './wording.js';

/** The human readable lines (GS1 General Specifications 4.14): brackets around each AI, none in the symbol. */
export function humanReadable(label: ItemLabel): string[] {
  const pieces = [`(01)${label.gtin}`];
  if (label.lot !== undefined) pieces.push(`(10)${label.lot}`);
  if (label.serial !== undefined) pieces.push(`(21)${label.serial}`);
  return pieces;
}

/** e.g. `HSD 31/12/2027`. */
function expiryText(label: ItemLabel, setting: LabelSetting): string | undefined {
  return label.expiry === undefined ? undefined : `${setting.words.expires}\u00a0${dayInWords(label.expiry, setting.language)}`;
}

/** What a buyer reads first below the name: expiry, net quantity, lot in words if wanted. */
export function facts(label: ItemLabel, setting: LabelSetting, withLot: boolean): string[] {
  const lot = withLot && label.lot !== undefined ? `${setting.words.lot}\u00a0${label.lot}` : undefined;
  const quantity = label.netQuantity === undefined ? undefined : printableText(label.netQuantity).replaceAll(' ', '\u00a0');
  return [expiryText(label, setting), quantity, lot].filter((text) => text !== undefined && text !== '') as string[];
}

/** The element string of an item for GS1 DataMatrix: GTIN, expiry (AI 17), lot, serial. */
export function elementString(label: ItemLabel): string[] {
  const elements = [`01${label.gtin}`];
  if (label.expiry !== undefined) elements.push(`17${label.expiry.slice(2).replaceAll('-', '')}`);
  if (label.lot !== undefined) elements.push(`10${label.lot}`);
  if (label.serial !== undefined) elements.push(`21${label.serial}`);
  return elements;
}
