/** The short notation in which the table of Application Identifiers is written, and its reading. */
import { charactersOf, type CharacterSet } from '../character-sets.js';
import { LINTERS, type LinterName } from '../linters.js';
import type { AiPattern, ApplicationIdentifier, Component } from './ai-entry.js';

/** One line of the table. */
export interface AiRow {
  /** `10`, or a range that differs in its last digits: `3100-3105`. */
  readonly ai: string;
  /** GS1's data title, printed beside a barcode. */
  readonly title: string;
  /**
   * The parts of the data field: set and length (`N6`, `X..20`), `?` when it may be left out, then the rules of
   * `linters.ts`. Example: `N3:iso4217 N..15`.
   */
  readonly fields: string;
  /** The length is predefined: no FNC1 behind it (GS1 General Specifications 7.8.5). */
  readonly fixed?: true;
  /** May stand in the query of a Digital Link. */
  readonly attribute?: true;
  /** A primary key of Digital Link: its qualifiers in order, alternatives parted by `|`; empty for none. */
  readonly key?: string;
  /** One of these must stand beside it: alternatives parted by spaces, `+` for "and", `n` for any digit. */
  readonly needs?: string;
  /** None of these may stand beside it; `n` for any digit. */
  readonly bars?: string;
}

/**
 * The Application Identifiers of one line.
 *
 * @param row e.g. `{ ai: '3100-3105', title: 'NET WEIGHT (kg)', fields: 'N6', … }`
 * @returns six of them
 * @throws Error for a notation or a linter nobody knows: the table itself is wrong then
 */
export function expandRow(row: AiRow): ApplicationIdentifier[] {
  const components = words(row.fields).map(parseComponent);
  const shared = {
    title: row.title,
    components,
    minLength: total(components, (part) => part.optional ? 0 : part.min),
    maxLength: total(components, (part) => part.max),
    predefinedLength: row.fixed === true,
    attribute: row.attribute === true,
    qualifierOrders: row.key?.split('|').map(words),
    requires: words(row.needs).map((alternative) => alternative.split('+').map(parsePattern)),
    excludes: words(row.bars).map(parsePattern),
  };
  return expandRange(row.ai).map((ai) => ({ ai, ...shared }));
}

function words(text = ''): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function total(components: readonly Component[], length: (component: Component) => number): number {
  return components.reduce((sum, component) => sum + length(component), 0);
}

function expandRange(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  const ais: string[] = [];
  for (let n = Number(first); n <= Number(last); n++) ais.push(String(n).padStart(first.length, '0'));
  return ais;
}

const COMPONENT = /^([NXYZ])(\.\.)?(\d{1,2})(\?)?((?::[a-z0-9]+)*)$/;

function parseComponent(text: string): Component {
  const match = COMPONENT.exec(text);
  if (match === null) throw new Error(`no field part: ${text}`);
  const [, set = '', upTo, length, optional, rules = ''] = match;
  const names = rules.split(':').slice(1).map(linterName);
  return {
    set: set as CharacterSet,
    allowed: charactersOf(set as CharacterSet),
    min: upTo === undefined ? Number(length) : 1,
    max: Number(length),
    optional: optional !== undefined,
    linters: names.map((name) => ({ name, fault: LINTERS[name] })),
  };
}

function linterName(name: string): LinterName {
  if (!Object.hasOwn(LINTERS, name)) throw new Error(`no linter named ${name}`);
  return name as LinterName;
}

function parsePattern(text: string): AiPattern {
  const match = /^(\d{1,4})n*$/.exec(text);
  if (match === null || text.length < 2 || text.length > 4) throw new Error(`no AI pattern: ${text}`);
  return { text, prefix: match[1] ?? '', length: text.length };
}
