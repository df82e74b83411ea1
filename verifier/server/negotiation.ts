/** What a client would like to get: language and form (RFC 9110 12.5). */
import type { Language } from '../core/goods/language.js';

export type Format = 'html' | 'json' | 'linkset';

interface Wish {
  readonly value: string;
  readonly quality: number;
}

/** More wishes than any client has; what follows is not read. */
const MOST_WISHES = 32;

/**
 * @param asked the parameter `lang` of the query, which wins over the header
 * @param header e.g. `en-GB;q=0.8, vi`
 * @returns Vietnamese unless English is wanted more
 */
export function languageFor(asked: string | undefined, header: string | undefined): Language {
  if (asked === 'en' || asked === 'vi') return asked;
  const wishes = wishesOf(header);
  const quality = (language: Language): number => best(wishes, (tag) => tag === language || tag.startsWith(`${language}-`)) ?? best(wishes, (tag) => tag === '*') ?? 0;
  return quality('en') > quality('vi') ? 'en' : 'vi';
}

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  html: 'text/html',
  json: 'application/json',
  linkset: 'application/linkset+json',
};

/**
 * @param asked the parameter `format` of the query, which wins over the header
 * @param header e.g. `text/html,application/xhtml+xml,*;q=0.8`
 * @returns a page unless something else is wanted more
 */
export function formatFor(asked: string | undefined, header: string | undefined): Format {
  if (asked === 'json' || asked === 'html' || asked === 'linkset') return asked;
  const wishes = wishesOf(header);
  let chosen: Format = 'html';
  let quality = qualityOf(wishes, MEDIA_TYPES.html);
  for (const format of ['linkset', 'json'] as const) {
    const wanted = qualityOf(wishes, MEDIA_TYPES[format]);
    if (wanted > quality) [chosen, quality] = [format, wanted];
  }
  return chosen;
}

/**
 * @param header Accept-Encoding, e.g. `gzip, deflate, br;q=0.9`
 * @returns whether gzip may be sent (RFC 9110 12.5.3); without the header it may not, because what reads then is seldom a browser
 */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  const wishes = wishesOf(header);
  return (best(wishes, (value) => value === 'gzip') ?? best(wishes, (value) => value === '*') ?? 0) > 0;
}

/** The more specific range counts (RFC 9110 12.5.1). */
function qualityOf(wishes: readonly Wish[], type: string): number {
  const range = `${type.slice(0, type.indexOf('/'))}/*`;
  return best(wishes, (value) => value === type) ?? best(wishes, (value) => value === range) ?? best(wishes, (value) => value === '*/*') ?? 0;
}

function best(wishes: readonly Wish[], matches: (value: string) => boolean): number | undefined {
  const found = wishes.filter(({ value }) => matches(value));
  return found.length === 0 ? undefined : Math.max(...found.map(({ quality }) => quality));
}

function wishesOf(header: string | undefined): Wish[] {
  if (header === undefined) return [];
  return header.slice(0, 2000).split(',', MOST_WISHES).map(wishOf);
}

function wishOf(text: string): Wish {
  const [value = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = weight === undefined ? 1 : Number(weight);
  return { value, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
