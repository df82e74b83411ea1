/** JSON inside a token: base64url of UTF-8 of JSON, each in its one canonical spelling (RFC 4648 section 5, RFC 8785). */
import { Problem, require } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { textOf } from '../bytes.js';
import { decodeBase64UrlBriefly } from '../base64url.js';

const DEEPEST = 32;
/** However this text nests, no platform's JSON code runs out of stack. */
const SHORT = 4_096;
const MOST_BRACKETS = 2_000;

/**
 * Reads a section whose members may stand in any order, e.g. a header. Everything else has one spelling: no white space,
 * no needless escape, no other way to write a number, no key twice.
 *
 * @param section base64url
 * @param field named in a refusal, e.g. `header`
 * @throws Problem CREDENTIAL_BASE64URL_WRONG, CREDENTIAL_NOT_UTF8, TEXT_NOT_JSON, JSON_DUPLICATE_KEY, JSON_TOO_DEEP,
 *   CREDENTIAL_NOT_CANONICAL
 */
export function readSection(section: string, field: string): unknown {
  return jsonOf(sectionText(section, field), field);
}

/** The same for text already decoded. */
function jsonOf(text: string, field: string): unknown {
  require(isShallow(text), 'JSON_TOO_DEEP', { field });
  const value = parsed(text, field);
  if (JSON.stringify(value) !== text) throw spellingProblem(text, field);
  return value;
}

/**
 * Reads a section whose members are sorted as well: the payload and the evidence.
 *
 * @throws Problem as {@link readSection}
 */
export function readCanonicalSection(section: string, field: string): unknown {
  return readCanonicalJson(sectionText(section, field), field);
}

/** The same for text that {@link sectionText} gave. */
export function readCanonicalJson(text: string, field: string): unknown {
  const value = jsonOf(text, field);
  checkOrder(value, field, 1);
  return value;
}

/**
 * The text of a section, whatever it is of.
 *
 * @throws Problem CREDENTIAL_BASE64URL_WRONG, CREDENTIAL_NOT_UTF8
 */
export function sectionText(section: string, field: string): string {
  const bytes = decodeBase64UrlBriefly(section);
  if (bytes === undefined) throw new Problem('CREDENTIAL_BASE64URL_WRONG', { field });
  const text = textOf(bytes);
  if (text === undefined) throw new Problem('CREDENTIAL_NOT_UTF8', { field });
  return text;
}

/** Counts the brackets of a long text; each could be one level. */
function isShallow(text: string): boolean {
  return text.length <= SHORT || count(text, '{') + count(text, '[') <= MOST_BRACKETS;
}

function count(text: string, bracket: string): number {
  let found = 0;
  for (let at = text.indexOf(bracket); at !== -1 && found <= MOST_BRACKETS; at = text.indexOf(bracket, at + 1)) found++;
  return found;
}

/** Every section is an object; what does not look like one is not worth an exception of the parser. */
function parsed(text: string, field: string): unknown {
  if (!text.startsWith('{') || !text.endsWith('}')) throw new Problem('TEXT_NOT_JSON', { field });
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('TEXT_NOT_JSON', { field }); // the parser's own words name positions, not what to mend
  }
}

/** JSON that is written anew as another text: a key twice has a name of its own. */
function spellingProblem(text: string, field: string): Problem {
  try {
    parseStrictJson(text, text.length);
  } catch (error) {
    if (error instanceof Problem) return new Problem(error.code, { field });
    throw error;
  }
  return new Problem('CREDENTIAL_NOT_CANONICAL', { field });
}

/** Sorted by UTF-16 code units (RFC 8785 section 3.2.3); and no half of a surrogate pair, which has no UTF-8. */
function checkOrder(value: unknown, field: string, depth: number): void {
  if (typeof value === 'string') return require(value.isWellFormed(), 'CREDENTIAL_NOT_CANONICAL', { field });
  if (typeof value !== 'object' || value === null) return;
  require(depth <= DEEPEST, 'JSON_TOO_DEEP', { field });
  if (Array.isArray(value)) {
    for (const member of value) checkOrder(member, field, depth + 1);
    return;
  }
  let last = '';
  for (const [name, member] of Object.entries(value)) {
    require(name >= last && name.isWellFormed(), 'CREDENTIAL_NOT_CANONICAL', { field });
    last = name;
    checkOrder(member, field, depth + 1);
  }
}
