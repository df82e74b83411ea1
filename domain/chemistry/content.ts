/** What a container or a lot holds: its mass, and the mass of each component in whole milligrams. */
import { Problem } from '../errors.js';
import { apportion } from '../quantity/apportion.js';
import { componentMass, formatKilograms, parseMilligrams, parsePercent, type Milligrams, type PartsPerMillion } from '../quantity/mass.js';
import { object, parsedBy, type Parsed } from '../shape.js';
import { parseSubstance, type SubstanceId } from './substances.js';

export const substance = parsedBy(parseSubstance);
const percent = parsedBy((text) => {
  parsePercent(text);
  return text;
});

/** Component of a product: the content its lots may have, in per cent by mass. */
export const contentRange = object({ substance, least: percent, most: percent });
export type ContentRange = Parsed<typeof contentRange>;

/** Component of a lot as its certificate of analysis states it, in per cent by mass, e.g. `98.5`. */
export const statedComponent = object({ substance, content: percent });
export type StatedComponent = Parsed<typeof statedComponent>;

export interface Component {
  readonly substance: SubstanceId;
  readonly mass: Milligrams;
}

/** Mass of the whole and of each component; the components stand in the order of the lot's certificate. */
export interface Content {
  readonly mass: Milligrams;
  readonly components: readonly Component[];
}

/** The same as a record holds it: milligrams as whole decimal numbers. */
export interface ContentRecord {
  readonly mass: string;
  readonly components: readonly { readonly substance: SubstanceId; readonly mass: string }[];
}

/**
 * The content of a fresh lot: each component's mass from its stated content, rounded up to the milligram.
 *
 * @throws Problem CONTENT_ABOVE_WHOLE where the components are more than the whole, LIST_REPEATS
 */
export function contentOf(mass: Milligrams, stated: readonly StatedComponent[]): Content {
  const seen = new Set(stated.map((one) => one.substance));
  if (seen.size !== stated.length) throw new Problem('LIST_REPEATS', { field: 'components' });
  const sum = stated.reduce((total, one) => total + parsePercent(one.content), 0n);
  if (sum > 1_000_000n) throw new Problem('CONTENT_ABOVE_WHOLE', { field: 'components' });
  return { mass, components: stated.map((one) => ({ substance: one.substance, mass: componentMass(mass, parsePercent(one.content)) })) };
}

/**
 * Divides a content by mass. Every component is divided by largest remainder, so that the parts hold exactly what
 * the whole held (`domain.md` C6): no milligram appears or vanishes.
 *
 * @param whole what is divided
 * @param masses of the parts; they add up to the whole's mass
 * @throws Problem BALANCE_MISMATCH with `whole` and `parts` in kilograms where they do not
 */
export function divide(whole: Content, masses: readonly Milligrams[]): Content[] {
  const sum = masses.reduce((a, b) => a + b, 0n);
  if (sum !== whole.mass) {
    throw new Problem('BALANCE_MISMATCH', { whole: formatKilograms(whole.mass), parts: formatKilograms(sum) });
  }
  const shares = whole.components.map((component) => apportion(component.mass, masses));
  return masses.map((mass, part) => ({
    mass,
    components: whole.components.map((component, index) => ({ substance: component.substance, mass: shares[index]?.[part] ?? 0n })),
  }));
}

/** Parts per million of a component in a content, rounded up; nought for an empty content. */
export function concentration(content: Content, component: Component): PartsPerMillion {
  return content.mass === 0n ? 0n : (component.mass * 1_000_000n + content.mass - 1n) / content.mass;
}

/** A content as a record holds it. */
export function contentRecord(content: Content): ContentRecord {
  return {
    mass: String(content.mass),
    components: content.components.map((one) => ({ substance: one.substance, mass: String(one.mass) })),
  };
}

/** A content read back from a record. */
export function readContent(record: ContentRecord): Content {
  return {
    mass: parseMilligrams(record.mass),
    components: record.components.map((one) => ({ substance: one.substance, mass: parseMilligrams(one.mass) })),
  };
}
