/** What is posted to `/credentials/verify`: the request of the W3C credentials API (VC API). */
import { Problem, require } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';

/** A credential's text of 64 KiB, its quotation marks escaped or not, and room for options. */
export const LONGEST_VERIFY_BODY = 147_456;

type Members = Readonly<Record<string, unknown>>;

/** Options that ask for what is done anyway. Others ask for something that is not, and are refused rather than forgotten. */
const OPTIONS: ReadonlySet<string> = new Set(['checks', 'returnCredential', 'returnProblemDetails', 'returnResults']);

/** How the data model 2.0 puts a token into an object. */
const ENVELOPE = 'EnvelopedVerifiableCredential';
const ENVELOPED = /^data:application\/(?:vc\+jwt|jwt),(.*)$/s;

/**
 * @param body JSON, e.g. `{"verifiableCredential":"eyJ…#eyJ…"}`; instead of the text an EnvelopedVerifiableCredential with it
 * @returns the credential's text, as it was sent; one that is too long is for the judgement to refuse
 * @throws Problem TEXT_NOT_JSON, JSON_…, FIELD_…; PRESENTATION_NOT_TAKEN; CREDENTIAL_FORM_UNSUPPORTED for a credential as an
 *   object: what stands in it is not what is signed
 */
export function readVerifyRequest(body: string): string {
  const members = membersOf(parseStrictJson(body, LONGEST_VERIFY_BODY), '');
  require(!Object.hasOwn(members, 'verifiablePresentation'), 'PRESENTATION_NOT_TAKEN', { field: 'verifiablePresentation' });
  for (const name of Object.keys(members)) require(name === 'verifiableCredential' || name === 'options', 'FIELD_UNKNOWN', { field: name.slice(0, 60) });
  checkOptions(members['options']);
  return textIn(members['verifiableCredential']);
}

function membersOf(value: unknown, field: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { field, expected: 'object' });
  return value as Members;
}

function checkOptions(options: unknown): void {
  if (options === undefined) return;
  for (const name of Object.keys(membersOf(options, 'options'))) require(OPTIONS.has(name), 'FIELD_UNKNOWN', { field: `options.${name.slice(0, 60)}` });
}

function textIn(credential: unknown): string {
  const field = 'verifiableCredential';
  if (credential === undefined) throw new Problem('FIELD_MISSING', { field });
  if (typeof credential === 'string') return credential;
  const text = enveloped(membersOf(credential, field));
  if (text === undefined) throw new Problem('CREDENTIAL_FORM_UNSUPPORTED', { field });
  return text;
}

function enveloped({ type, id }: Members): string | undefined {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (types.length !== 1 || types[0] !== ENVELOPE || typeof id !== 'string') return undefined;
  return ENVELOPED.exec(id)?.[1];
}
