/** The operator's own issuer: its public records and what it publishes, over whatever way leads to it. */
import { isProblemCode, Problem, type ProblemCode } from '#domain/errors.js';
import { publicCredentialId, type RevealRequest } from '#domain/credential/reveal.js';
import { list, matching, object, optional, parsedBy, type Shape } from '#domain/shape.js';
import { parseInstant } from '#domain/instant.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { LONGEST_TEXT } from '../../core/credential/credential-text.js';
import { boundedGet, boundedPost } from '../bounded-fetch.js';
import type { GuardedFetch } from '../guarded-fetch.js';
import type { PublicCredential, PublicCredentials, PublishedSource } from './credential-sources.js';

export interface IssuerRequest {
  readonly method: 'GET' | 'POST';
  /** e.g. `/public/credentials/2GLC42sKQveCfGfryNRN9w` */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks the issuer: over HTTP, or by `inject` of the program in this process. Rejects where nobody answers. */
export type AskIssuer = (request: IssuerRequest) => Promise<{ readonly status: number; readonly body: string }>;

const LARGEST = 262_144;
const TIMEOUT_MS = 3_000;

/** @param origin e.g. `http://127.0.0.1:8082` */
export function askOverHttp(origin: string, timeout = TIMEOUT_MS): AskIssuer {
  return async ({ method, path, headers, body }) => {
    const url = new URL(path, origin);
    const answer = method === 'GET' ? await boundedGet(url, headers, LARGEST, timeout) : await boundedPost(url, { headers, body: body ?? '' }, LARGEST, timeout);
    return { status: answer.status, body: Buffer.from(answer.bytes).toString('utf8') };
  };
}

const base64url = /^[A-Za-z0-9_-]+$/;
const record: Shape<PublicCredential> = object({
  id: publicCredentialId,
  text: asciiText(LONGEST_TEXT),
  sealed: optional(matching(base64url, 'base64url')),
  supersededBy: optional(publicCredentialId),
  issuedAt: parsedBy(parseInstant),
});
const disclosures = object({ disclosures: list(matching(base64url, 'base64url'), { max: 16 }) });

/** What it means is for the judgement to say: this text may be wrong in every way but be too long. */
function asciiText(longest: number): Shape<string> {
  return (value) => {
    if (typeof value !== 'string' || value.length > longest) throw new Problem('FIELD_WRONG_VALUE', { expected: `text of at most ${longest} characters` });
    return value;
  };
}

/** The port over an issuer. */
export function publicCredentialsOf(ask: AskIssuer): PublicCredentials {
  const asked = async (request: IssuerRequest): ReturnType<AskIssuer> => {
    try {
      return await ask(request);
    } catch (error) {
      throw new Problem('ISSUER_UNREACHABLE', { reason: error instanceof Problem ? error.fields['reason'] ?? error.code : 'no answer' });
    }
  };
  return {
    record: atOnce(async (id) => {
      const { status, body } = await asked({ method: 'GET', path: pathOf(id), headers: {} });
      if (status === 404) return nothing(body);
      return recordIn(status, body, id);
    }),
    reveal: async (id, request, source) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': source };
      const { status, body } = await asked({ method: 'POST', path: `${pathOf(id)}/reveal`, headers, body: JSON.stringify(bodyOf(request)) });
      if (status !== 200) throw refusalOf(status, body);
      return shaped(status, body, disclosures).disclosures;
    },
  };
}

/** The same question asked again while it is under way is asked once: many may look at one paper. */
function atOnce(ask: PublicCredentials['record']): PublicCredentials['record'] {
  const underWay = new Map<string, ReturnType<typeof ask>>();
  return async (id) => {
    const answer = underWay.get(id) ?? ask(id);
    underWay.set(id, answer);
    try {
      return await answer;
    } finally {
      underWay.delete(id);
    }
  };
}

const pathOf = (id: string): string => `/public/credentials/${publicCredentialId(id)}`;
const bodyOf = ({ serialNumber, dateOfBirth }: RevealRequest): RevealRequest => ({ serialNumber, dateOfBirth });

/** Erased is another thing than never issued. */
function nothing(body: string): undefined {
  if (refusalIn(body).code === 'PERSONAL_DATA_ERASED') throw new Problem('PERSONAL_DATA_ERASED');
}

function recordIn(status: number, body: string, id: string): PublicCredential {
  const found = shaped(status, body, record);
  if (found.id !== id) throw unanswered('another record');
  return found;
}

function shaped<T>(status: number, body: string, shape: Shape<T>): T {
  if (status !== 200) throw unanswered(`status ${status}`);
  try {
    return shape(parseStrictJson(body, LARGEST));
  } catch (error) {
    if (error instanceof Problem) throw unanswered(error.code);
    throw error;
  }
}

/** What a reader is to be told in the issuer's own words; everything else is the issuer's trouble. */
const TOLD: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['REVEAL_REFUSED', 'RATE_LIMITED', 'CREDENTIAL_UNKNOWN']);

function refusalOf(status: number, body: string): Problem {
  const { code, seconds } = refusalIn(body);
  if (code !== undefined && TOLD.has(code)) return new Problem(code, seconds === undefined ? {} : { seconds });
  return status === 429 ? new Problem('RATE_LIMITED') : unanswered(`status ${status}`);
}

/** Of problem details (RFC 9457), what is made use of here. */
function refusalIn(body: string): { readonly code?: ProblemCode; readonly seconds?: string } {
  try {
    const { code, fields } = parseStrictJson(body, LARGEST) as { code?: unknown; fields?: { seconds?: unknown } };
    const seconds = fields?.seconds;
    return { ...(typeof code === 'string' && isProblemCode(code) ? { code } : {}), ...(typeof seconds === 'string' && /^[0-9]{1,6}$/.test(seconds) ? { seconds } : {}) };
  } catch (error) {
    if (error instanceof Problem || error instanceof TypeError) return {}; // TypeError: JSON that is no object
    throw error;
  }
}

function unanswered(reason: string): Problem {
  return new Problem('ISSUER_UNREACHABLE', { reason });
}

/**
 * Texts that issuers publish: those of the operator's own issuer are asked for on its own way, all others outside.
 *
 * @param origin the own issuer's, exactly
 */
export function publishedOf(origin: string, ask: AskIssuer, outside: GuardedFetch): PublishedSource {
  return {
    text: async (url) => {
      const own = URL.canParse(url) ? new URL(url) : undefined;
      if (own?.origin !== origin || own.username !== '' || own.password !== '') return outside(url);
      return ownText(own, ask);
    },
  };
}

async function ownText(url: URL, ask: AskIssuer): Promise<string> {
  try {
    const { status, body } = await ask({ method: 'GET', path: url.pathname + url.search, headers: {} });
    if (status === 200) return body;
    throw new Problem('FETCH_FAILED', { reason: `status ${status}`, url: url.href });
  } catch (error) {
    throw error instanceof Problem && error.code === 'FETCH_FAILED' ? error : new Problem('FETCH_FAILED', { reason: 'no answer', url: url.href });
  }
}
