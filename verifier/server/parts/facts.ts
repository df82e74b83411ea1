/** Lists of facts: a name and a value in each row. */
import type { Language, Words } from '../../core/goods/language.js';
import { type Html, html, isolated } from '../html.js';

/** A row, or `undefined` where there is nothing to say. */
export type Fact = Html | undefined;

/** A row whose value is text from a record. */
export function fact(name: Words, value: string | undefined, language: Language): Fact {
  return value === undefined ? undefined : row(name, isolated(value), language);
}

/** A row whose value is a number or a date: nothing in it can turn what stands around it. */
export function figure(name: Words, value: string | undefined, language: Language): Fact {
  return value === undefined ? undefined : row(name, html`${value}`, language);
}

/** A row whose value is one of several lines. */
export function facts(name: Words, values: readonly (string | undefined)[], language: Language): Fact {
  const lines = values.flatMap((value) => value ?? []);
  return lines.length === 0 ? undefined : row(name, html`${lines.map((line, at) => (at === 0 ? isolated(line) : html`<br>${isolated(line)}`))}`, language);
}

export function row(name: Words, value: Html, language: Language): Html {
  return html`<div><dt>${name[language]}</dt><dd>${value}</dd></div>`;
}

/** `undefined` when no row is left. */
export function factList(rows: readonly Fact[]): Html | undefined {
  return rows.every((each) => each === undefined) ? undefined : html`<dl>${rows}</dl>`;
}

/** A part of the page under its heading; `undefined` when it would be empty. */
export function part(heading: Words, body: Html | undefined, language: Language): Html | undefined {
  return body === undefined ? undefined : html`<section class="part"><h2>${heading[language]}</h2>${body}</section>`;
}
