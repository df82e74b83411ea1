import { dossierOf, itemOf, lot, measure, organisation, product } from '../goods-fixtures.js';

/** Text that somebody would like to see do something. */
export const HOSTILE: Readonly<Record<string, string>> = {
  script: '<script>document.title="owned"</script>',
  attribute: '" onerror="document.title=\'owned\'" x="',
  comment: '--><!-- ]]></style></title></textarea><img src=x onerror=alert(1)>',
  'right to left': '\u202eevig ton seod siht\u202c \u2067xyz',
  long: 'Trà xanh '.repeat(1200),
  'one long word': 'W'.repeat(10_000),
  'combining marks': `Z${'\u0335\u0322\u0489'.repeat(400)}algo`,
  emoji: '🧪👩‍🔬🇻🇳'.repeat(50),
  controls: 'a\u0000b\u0007c\u001b[31md\u0085e',
  'lone surrogate': 'a\ud800b',
  template: '${globalThis} {{7*7}} <%= 7 %>',
  entities: '&lt;b&gt; &#x3c;script&#x3e;',
};

/** The text in every field that a page shows. */
export function everywhere(text: string): ReturnType<typeof itemOf> {
  return itemOf(dossierOf({
    product: {
      ...product, name: text, nameEn: text, brand: text, netQuantity: text, origin: text, standards: [text], warnings: [text],
      producer: { name: text, address: text }, importer: { name: text, address: text },
      hazard: { signalWord: 'danger', pictograms: ['GHS02'], unNumber: text },
    },
    lot: { ...lot, recall: { ...measure, reason: text, instruction: text }, suspension: { ...measure, reason: text, instruction: text, by: text as typeof measure.by } },
    organisations: [{ ...organisation, name: `${text} `, nameEn: text, address: text }],
  }));
}
