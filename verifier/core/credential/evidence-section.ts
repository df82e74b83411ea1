/** The evidence behind the `#` of a credential's text. */
import { evidence, type Evidence } from '#domain/credential/commitment.js';
import { readCanonicalJson, sectionText } from './json-section.js';

/** Its canonical JSON has one form but for the values: read in one go, without a parser. */
const FORM = /^\{"count":([1-9][0-9]{0,6}),"index":(0|[1-9][0-9]{0,6}),"path":\[((?:"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)?)\],"root":"([0-9a-f]{64})","salt":"([A-Za-z0-9_-]{22})"\}$/;

/**
 * Reads evidence.
 *
 * @param section base64url of e.g. `{"count":1,"index":0,"path":[],"root":"…","salt":"2GLC42sKQveCfGfryNRN9w"}`
 * @throws Problem as `readCanonicalSection` and as `evidence`
 */
export function readEvidence(section: string): Evidence {
  const text = sectionText(section, 'evidence');
  const [found, count, index, path = '', root, salt] = FORM.exec(text) ?? [];
  if (found === undefined) return evidence(readCanonicalJson(text, 'evidence'));
  return evidence({ count: Number(count), index: Number(index), path: path === '' ? [] : path.slice(1, -1).split('","'), root, salt });
}
