/** HTML whose every inserted value is escaped, because there is no other way to insert one. */

/** Markup that is safe to send: only `html` makes it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may be inserted; `undefined` and `false` insert nothing. */
export type Insertable = Html | string | number | undefined | false | readonly (Html | undefined | false)[];

/** Characters with a meaning in HTML, and controls, which no text of a record holds and no reader can see. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /[&<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- as above
const EVERY_SPECIAL = /[&<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Tag of a template: the template is markup, every value in it is text. Attributes are to be quoted.
 *
 * @returns e.g. `` html`<p title="${'"'}">${'<b>'}</p>` `` → `<p title="&quot;">&lt;b&gt;</p>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  let markup = parts[0] ?? '';
  for (let at = 0; at < values.length; at++) markup += markupOf(values[at]) + (parts[at + 1] ?? '');
  return new Html(markup);
}

/** Text from a record: its direction stays its own, so that no character in it can turn what stands around it. */
export function isolated(text: string): Html {
  return new Html(`<bdi>${escaped(text)}</bdi>`);
}

/** Text in which markup means nothing. Controls become U+FFFD. */
export function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, (character) => ENTITIES[character] ?? '\ufffd') : text;
}

function markupOf(value: Insertable): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string') return escaped(value);
  if (value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  let markup = '';
  for (const each of value) markup += each instanceof Html ? each.markup : '';
  return markup;
}
