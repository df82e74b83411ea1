/** The address as it came. A router decodes `%2F` and `%00`, and one value would become two. */

export interface RawUrl {
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/** @param url e.g. `/01/09520000000011/10/A%2FB?lang=en` */
export function rawUrl(url: string): RawUrl {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/**
 * The first value of a parameter, decoded as forms write it.
 *
 * @param query e.g. `code=9520000000011&lang=en`
 * @returns `undefined` if it is not there or not decodable
 */
export function parameterOf(query: string, name: string): string | undefined {
  if (query === '') return undefined;
  const found = query.split('&').find((each) => each.startsWith(`${name}=`));
  return found === undefined ? undefined : decoded(found.slice(name.length + 1));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined; // URIError is the decoder's only error
  }
}

/** The same address in another language. */
export function inLanguage({ path, query }: RawUrl, language: string): string {
  return `${path}?${[...exceptLanguage(query), `lang=${language}`].join('&')}`;
}

/** An address as it was scanned: without what a reader chose on a page. */
export function withoutLanguage({ path, query }: RawUrl): string {
  const rest = exceptLanguage(query);
  return rest.length === 0 ? path : `${path}?${rest.join('&')}`;
}

function exceptLanguage(query: string): string[] {
  return query.split('&').filter((each) => each !== '' && !each.startsWith('lang='));
}
