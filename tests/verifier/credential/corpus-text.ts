/** Texts that are no credential, by their form: parts, base64url, sizes, spelling of the JSON inside. */
import { LONGEST_TEXT } from '../../../verifier/core/credential/credential-text.js';
import { Rows, unreadable } from './corpus-row.js';

const rows = new Rows();
const C18 = 'trust.md C18';
const C19 = 'trust.md C19';
const C22 = 'trust.md C22';

/** The three parts of the token and what follows it. */
function parts(text: string): { header: string; payload: string; signature: string; rest: string } {
  const [header = '', payload = '', signature = '', rest = ''] = /^([^.]*)\.([^.]*)\.([^~#]*)(.*)$/s.exec(text)?.slice(1) ?? [];
  return { header, payload, signature, rest };
}

const joined = ({ header, payload, signature, rest }: ReturnType<typeof parts>): string => `${header}.${payload}.${signature}${rest}`;
type Part = 'header' | 'payload' | 'signature';
const on = (part: Part, edit: (text: string) => string) => (text: string): string => {
  const all = parts(text);
  return joined({ ...all, [part]: edit(all[part]) });
};

const MALFORMED = unreadable('format', 'CREDENTIAL_TEXT_MALFORMED');
const SIGNATURE = unreadable('format', 'CREDENTIAL_SIGNATURE_MALFORMED');

const malformed: Readonly<Record<string, (text: string) => string>> = {
  nothing: () => '',
  'a sentence': () => 'Bằng tốt nghiệp của tôi',
  'a dot': () => '.',
  'two dots': () => '..',
  'only a header': (text) => parts(text).header,
  'no header': (text) => text.slice(text.indexOf('.')),
  'no payload': on('payload', () => ''),
  'two parts': (text) => `${parts(text).header}.${parts(text).payload}`,
  'four parts': (text) => joined({ ...parts(text), rest: `.AAAA${parts(text).rest}` }),
  'a dot at the end of the token': (text) => joined({ ...parts(text), rest: `.${parts(text).rest}` }),
  'a dot in front': (text) => `.${text}`,
  'a header of more than 1,024 characters': on('header', (header) => header + 'A'.repeat(1_024)),
  'five parts, as an encrypted token has': (text) => `${joined({ ...parts(text), rest: '' })}.AAAA.AAAA`,
  'JSON instead of a token (C13)': () => '{"payload":"eyJ9","signatures":[]}',
};
for (const [name, edit] of Object.entries(malformed)) rows.add(`text: ${name}`, C19, { text: edit }, MALFORMED);
rows.add('text: the object that Veramo makes of a credential (traps 4 to 6)', 'credentials.md 3.4', { text: (text) => JSON.stringify({ proof: { type: 'JwtProof2020', jwt: text } }) }, unreadable('header', 'CREDENTIAL_BASE64URL_WRONG'));

const disclosures: Readonly<Record<string, (text: string) => string>> = {
  'without the closing ~': (text) => text.replace('~#', '#'),
  'with an empty one': (text) => text.replace('~', '~~'),
  'with two closing ~': (text) => text.replace('~#', '~~#'),
  'none, but a ~': (text) => text.replace(/~.*~/, '~'),
  'seventeen of them': (text) => text.replace('~#', `${'~QQ'.repeat(12)}~#`),
};
for (const [name, edit] of Object.entries(disclosures)) rows.add(`disclosures ${name}`, 'RFC 9901 section 4', { type: 'DiplomaCredential', text: edit }, MALFORMED);

const signatures: Readonly<Record<string, (signature: string) => string>> = {
  missing: () => '',
  'one character short': (signature) => signature.slice(1),
  'one character long': (signature) => `${signature}A`,
  padded: (signature) => `${signature}==`,
  'with a space behind': (signature) => `${signature} `,
  'with a line end behind': (signature) => `${signature}\n`,
  'as hexadecimal digits': () => 'ab'.repeat(64),
  'of 96 bytes': () => 'A'.repeat(128),
  'in DER': (signature) => Buffer.concat([Buffer.from('3046022100', 'hex'), Buffer.from(signature, 'base64url')]).toString('base64url'),
};
for (const [name, edit] of Object.entries(signatures)) rows.add(`signature ${name}`, C19, { text: on('signature', edit) }, SIGNATURE);

const WRONG = unreadable('format', 'CREDENTIAL_BASE64URL_WRONG');
const spelled: Readonly<Record<string, (part: string) => string>> = {
  'with + of base64': (part) => `+${part.slice(1)}`,
  'with / of base64': (part) => `/${part.slice(1)}`,
  'with a space inside': (part) => `${part.slice(0, 4)} ${part.slice(5)}`,
  'with a line end inside': (part) => `${part.slice(0, 4)}\n${part.slice(5)}`,
  'with a NUL inside': (part) => `${part.slice(0, 4)}\0${part.slice(5)}`,
  'with a letter of another script': (part) => `${part.slice(0, 4)}а${part.slice(5)}`,
  'with a letter above U+FFFF': (part) => `${part.slice(0, 4)}😀${part.slice(6)}`,
  'with = inside': (part) => `${part.slice(0, 4)}=${part.slice(5)}`,
  'with a percent escape': (part) => `${part.slice(0, 3)}%41${part.slice(6)}`,
};
for (const [name, edit] of Object.entries(spelled)) {
  rows.add(`signature ${name}`, C19, { text: on('signature', edit) }, WRONG);
  rows.add(`header ${name}`, C19, { text: on('header', edit) }, unreadable('header', 'CREDENTIAL_BASE64URL_WRONG'));
  rows.add(`payload ${name}`, C19, { text: on('payload', edit) }, unreadable('payload', 'CREDENTIAL_BASE64URL_WRONG'));
}

/** The last character of 64 bytes carries four bits that must be zero; every next one of the alphabet says the same bytes. */
const nextLetter = (text: string): string => text.slice(0, -1) + 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.charAt('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(text.at(-1) ?? '') + 1);
rows.add('signature with spare bits that are not zero', C19, { text: on('signature', nextLetter) }, WRONG);
rows.add('header padded', C19, { text: on('header', (header) => `${header}=`) }, unreadable('header', 'CREDENTIAL_BASE64URL_WRONG'));
rows.add('payload padded', C19, { text: on('payload', (payload) => `${payload}=`) }, unreadable('payload', 'CREDENTIAL_BASE64URL_WRONG'));
for (const spaces of [1, 2]) {
  // A text of another length: its base64url then ends in spare bits.
  rows.add(`payload with spare bits that are not zero, ${spaces}`, C19, { payload: (payload) => ({ ...payload, x: 'x'.repeat(spaces) }), text: on('payload', (part) => (part.length % 4 === 0 ? `${part}B` : nextLetter(part))) }, unreadable('payload', 'CREDENTIAL_BASE64URL_WRONG'));
}

const TOO_LARGE = unreadable('format', 'CREDENTIAL_TOO_LARGE');
rows.add('a text one character too long', C22, { text: (text) => text + 'A'.repeat(LONGEST_TEXT + 1 - text.length) }, TOO_LARGE);
rows.add('a text of five million characters', C22, { text: (text) => text + 'A'.repeat(5_000_000) }, TOO_LARGE);
rows.add('a nested token of 128,000 characters (trap 15)', 'credentials.md 3.4', { text: (text) => `${text.slice(0, 10)}${'a.'.repeat(64_000)}` }, TOO_LARGE);

// The JSON inside. What is added is signed and committed to.
const notJson: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  'a text': () => '"x"',
  'a list': () => '[]',
  null: () => 'null',
  'a number': () => '7',
  'cut short': (text) => text.slice(0, -1),
  'something behind': (text) => `${text}x`,
  'two objects': (text) => text + text,
  'a comma at the end': (text) => text.replace(/\}$/, ',}'),
  'single quotes': (text) => text.replaceAll('"', "'"),
  'a comment': (text) => text.replace('{', '{/* x */'),
  'a byte order mark': (text) => `\ufeff${text}`,
  'an unescaped tab': (text) => text.replace('{"', '{"\t'),
  'NaN': (text) => text.replace(/"(alg|iat)":[^,]+/, '"$1":NaN'),
};
for (const [name, edit] of Object.entries(notJson)) {
  rows.add(`header that is ${name}`, 'RFC 8259', { headerText: edit }, unreadable('header', 'TEXT_NOT_JSON'));
  rows.add(`payload that is ${name}`, 'RFC 8259', { payloadText: edit }, unreadable('payload', 'TEXT_NOT_JSON'));
}

const otherwise: Readonly<Record<string, (text: string) => string>> = {
  'with a space behind a colon': (text) => text.replace(':', ': '),
  'with a line end behind a comma': (text) => text.replace(',', ',\n'),
  'with an escaped letter': (text) => text.replace('a', String.raw`\u0061`),
  'with an escaped slash': (text) => (text.includes('/') ? text.replace('/', String.raw`\/`) : text.replace('#', String.raw`\u0023`)),
  'with capitals in an escape': (text) => text.replace('"typ":"JWT"', String.raw`"typ":"\u001B"`).replace('"iss":"', String.raw`"iss":"\u001B`),
};
for (const [name, edit] of Object.entries(otherwise)) {
  rows.add(`header ${name}`, 'RFC 8785', { headerText: edit }, unreadable('header', 'CREDENTIAL_NOT_CANONICAL'));
  rows.add(`payload ${name}`, 'RFC 8785', { payloadText: edit }, unreadable('payload', 'CREDENTIAL_NOT_CANONICAL'));
}
const onlyPayload: Readonly<Record<string, (text: string) => string>> = {
  'with a number in another form': (text) => text.replace(/"iat":(\d+)/, '"iat":$1.0'),
  'with an exponent': (text) => text.replace(/"iat":\d+/, '"iat":1795163400e0'),
  'with a number too large for a number (C6)': (text) => text.replace(/"exp":\d+/, '"exp":1e400'),
  'with minus nought': (text) => text.replace(/"exp":\d+/, '"exp":-0'),
  'with a number that loses its end': (text) => text.replace(/"exp":\d+/, '"exp":9007199254740993'),
  'with members out of order': (text) => text.replace(/"iat":(\d+),"iss":"([^"]*)"/, '"iss":"$2","iat":$1'),
  'with members out of order in the vc': (text) => text.replace('"statusPurpose":"revocation","type":"BitstringStatusListEntry"', '"type":"BitstringStatusListEntry","statusPurpose":"revocation"'),
  'with half a surrogate pair': (text) => text.replace('Cục', String.raw`C\ud800c`),
};
for (const [name, edit] of Object.entries(onlyPayload)) rows.add(`payload ${name}`, 'RFC 8785', { payloadText: edit }, unreadable('payload', 'CREDENTIAL_NOT_CANONICAL'));

const twice: Readonly<Record<string, (text: string) => string>> = {
  'iss twice': (text) => text.replace('"iss":', '"iss":"did:web:evil.example","iss":'),
  'iss twice, the second escaped': (text) => text.replace('"iss":', String.raw`"\u0069ss":"did:web:evil.example","iss":`),
  'iss twice with the same value': (text) => text.replace(/("iss":"[^"]*",)/, '$1$1'),
  'exp twice': (text) => text.replace('"exp":', '"exp":9999999999,"exp":'),
  'vc twice': (text) => text.replace('"vc":', '"vc":{},"vc":'),
  'number twice in the subject': (text) => text.replace('"number":', '"number":"1","number":'),
  '__proto__ twice': (text) => text.replace('{', '{"__proto__":1,"__proto__":2,'),
};
for (const [name, edit] of Object.entries(twice)) rows.add(`payload with ${name}`, C18, { payloadText: edit }, unreadable('payload', 'JSON_DUPLICATE_KEY'));
for (const name of ['alg', 'kid', 'typ']) rows.add(`header with ${name} twice`, C18, { headerText: (text) => text.replace(`"${name}":`, `"${name}":"x","${name}":`) }, unreadable('header', 'JSON_DUPLICATE_KEY'));

rows.add('payload 33 lists deep', 'trust.md T1', { payload: (payload) => ({ ...payload, x: JSON.parse('['.repeat(32) + ']'.repeat(32)) as unknown }) }, unreadable('payload', 'JSON_TOO_DEEP'));
rows.add('payload 20,000 lists deep', 'trust.md T1', { payloadText: (text) => text.replace('"vc":', `"x":${'['.repeat(20_000)}${']'.repeat(20_000)},"vc":`) }, unreadable('payload', 'JSON_TOO_DEEP'));
rows.add('payload 6,000 objects deep', 'trust.md T1', { payloadText: (text) => text.replace('"vc":', `"x":${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)},"vc":`) }, unreadable('payload', 'JSON_TOO_DEEP'));
rows.add('header 300 lists deep', 'trust.md T1', { headerText: (text) => text.replace('{', `{"a":${'['.repeat(300)}${']'.repeat(300)},`) }, unreadable('header', 'CREDENTIAL_HEADER_UNKNOWN'));

const notUtf8: Readonly<Record<string, string>> = { 'a lone continuation byte': '80', 'an overlong slash': 'c0af', 'a surrogate': 'eda080', 'a cut character': 'e1bb', 'a byte that no UTF-8 has': 'ff', 'a code point above U+10FFFF': 'f4908080' };
for (const [name, hex] of Object.entries(notUtf8)) {
  const broken = (text: string): Uint8Array => Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from(hex, 'hex'), Buffer.from(text.slice(-2))]);
  rows.add(`payload with ${name}`, 'RFC 3629', { payloadText: broken }, unreadable('payload', 'CREDENTIAL_NOT_UTF8'));
  rows.add(`header with ${name}`, 'RFC 3629', { headerText: broken }, unreadable('header', 'CREDENTIAL_NOT_UTF8'));
}

export const TEXT_ROWS = rows.all;
