/** Measures in data fields, AIs 3100–3695: whole numbers with a decimal mark fixed by the AI, never floating point. */
import { Problem, require } from '../errors.js';
import { MEASURE_UNITS } from './ai-table/measures.js';
import type { AiValue } from './identification.js';

/** 195 with 3 decimals in KGM is 0.195 kg. */
export interface Measure {
  /** Without its decimal mark. */
  readonly unscaled: bigint;
  /** Digits behind the mark, 0–5. */
  readonly decimals: number;
  /** UN/ECE Recommendation 20, as EPCIS writes it: `KGM`, `LTR`. */
  readonly unit: string;
}

const MEASURE_AI = /^3[1-6]\d[0-5]$/;

/**
 * What a measure field says. The AI's last digit is the number of decimals, its first three fix what is measured and
 * in which unit (GS1 General Specifications 3.6.1).
 *
 * @param element e.g. `{ ai: '3103', value: '000195' }`
 * @returns e.g. `{ unscaled: 195n, decimals: 3, unit: 'KGM' }`
 * @throws Problem AI_UNKNOWN for an AI that is no measure, AI_VALUE_CHARACTERS for anything but six digits
 */
export function measureOf({ ai, value }: AiValue): Measure {
  const unit = MEASURE_AI.test(ai) ? MEASURE_UNITS.get(ai.slice(0, 3)) : undefined;
  if (unit === undefined) throw new Problem('AI_UNKNOWN', { ai: ai.slice(0, 40) });
  require(/^\d{6}$/.test(value), 'AI_VALUE_CHARACTERS', { ai, value: value.slice(0, 40) });
  return { unscaled: BigInt(value), decimals: Number(ai.charAt(3)), unit };
}

/**
 * The field for a measure.
 *
 * @param family three digits that say what is measured, e.g. `310` for net weight in kilograms
 * @param unscaled 0–999999
 * @param decimals 0–5
 * @returns e.g. `{ ai: '3103', value: '000195' }`
 * @throws Problem AI_UNKNOWN, AI_VALUE_TOO_LONG for more than six digits, AI_VALUE_CHARACTERS below zero
 */
export function measureField(family: string, unscaled: bigint, decimals: number): AiValue {
  const ai = `${family}${decimals}`;
  require(unscaled >= 0n, 'AI_VALUE_CHARACTERS', { ai, value: String(unscaled) });
  require(unscaled <= 999_999n, 'AI_VALUE_TOO_LONG', { ai, value: String(unscaled).slice(0, 40) });
  const element = { ai, value: String(unscaled).padStart(6, '0') };
  measureOf(element);
  return element;
}
