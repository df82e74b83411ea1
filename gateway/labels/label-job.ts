/** What a print job is: the goods to name, the media to name them on, and the words to use. */
import type { MediaName, PrinterDpi } from './media.js';

/** The language of the words on the labels and on the test page. */
export type LabelLanguage = 'vi' | 'en';

/** The nine pictograms of the Globally Harmonized System (UN GHS, annex 1). */
export const GHS_PICTOGRAMS = ['GHS01', 'GHS02', 'GHS03', 'GHS04', 'GHS05', 'GHS06', 'GHS07', 'GHS08', 'GHS09'] as const;
export type GhsPictogram = (typeof GHS_PICTOGRAMS)[number];

/** What a chemical must warn of. `unNumber` is four digits, e.g. `1789`, and belongs to the product at its concentration. */
export interface HazardLabel {
  readonly signalWord: 'danger' | 'warning';
  readonly pictograms: readonly GhsPictogram[];
  readonly unNumber?: string;
}

/** The label of a trade item, a batch of it or one instance. */
export interface ItemLabel {
  readonly kind: 'item';
  /** The GS1 Digital Link in the QR code, in capitals where the identifiers allow, e.g. `HTTPS://ID.EXAMPLE.VN/01/09520000000011/21/7QK2M9ZD4XWA`. */
  readonly link: string;
  /** 14 digits, e.g. `09520000000011`. */
  readonly gtin: string;
  readonly lot?: string;
  readonly serial?: string;
  /** `yyyy-mm-dd`, e.g. `2027-12-31`. */
  readonly expiry?: string;
  readonly productName: string;
  readonly brand?: string;
  /** As it is to be read, e.g. `25 kg`. */
  readonly netQuantity?: string;
  readonly hazard?: HazardLabel;
}

/** The label of a logistic unit (GS1 General Specifications 6.6, "GS1 Logistic Label"). */
export interface UnitLabel {
  readonly kind: 'unit';
  /** 18 digits, e.g. `095200000000000011`. */
  readonly sscc: string;
  /** e.g. `HTTPS://ID.EXAMPLE.VN/00/095200000000000011`. */
  readonly link: string;
  readonly shipFrom?: string;
  readonly shipTo?: string;
  readonly contents?: string;
}

export type Label = ItemLabel | UnitLabel;

/** One order to print. */
export interface LabelJob {
  /** Printed on every page, so that printed, applied, spoiled and returned labels can be reconciled; 1–40 characters of `A-Z a-z 0-9 . _ -`. */
  readonly jobId: string;
  readonly media: MediaName;
  /** The host a reader compares with what the phone opens, e.g. `id.example.vn`. */
  readonly host: string;
  readonly language: LabelLanguage;
  readonly labels: readonly Label[];
  /** The printer's resolution; the media's usual one when left out. Modules are whole dots of it. */
  readonly dpi?: PrinterDpi;
}

/** The most labels of one job: 100,000. */
export const MOST_LABELS = 100_000;
