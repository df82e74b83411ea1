/** A public record's text and the disclosures that go with it, as one credential's text. */

/**
 * @param text `jwt#evidence`, or `jwt` alone
 * @param disclosures each without the `~` around it
 * @returns `jwt~<disclosure>~…~#evidence`; the text as it was where there are none, or where it has some already
 */
export function withDisclosures(text: string, disclosures: readonly string[]): string {
  const hash = text.indexOf('#');
  const jwt = hash === -1 ? text : text.slice(0, hash);
  if (disclosures.length === 0 || jwt.includes('~')) return text;
  return `${jwt}~${disclosures.join('~')}~${hash === -1 ? '' : text.slice(hash)}`;
}
