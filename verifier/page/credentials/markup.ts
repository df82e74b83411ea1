/** Elements made of text: nothing that came from a server, a paper or a clipboard becomes markup. */
import type { ShownFact } from '../../core/credential/shown-content.js';

export type Child = Node | string | undefined;

/** @param classes e.g. `card notice` */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, classes = '', ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (classes !== '') made.className = classes;
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Text of which the direction stays its own. */
export function isolated(text: string): HTMLElement {
  return element('bdi', '', text);
}

/** A list of names and values. */
export function factList(facts: readonly ShownFact[]): HTMLElement {
  return element('dl', '', ...facts.map(({ name, lines }) => element('div', '', element('dt', '', name), element('dd', '', ...linesOf(lines)))));
}

function linesOf(lines: readonly string[]): Node[] {
  return lines.flatMap((line, at) => (at === 0 ? [isolated(line)] : [document.createElement('br'), isolated(line)]));
}

/** A part of the page under its heading. */
export function part(heading: string, ...children: readonly Child[]): HTMLElement {
  return element('section', 'part', element('h2', '', heading), ...children);
}
