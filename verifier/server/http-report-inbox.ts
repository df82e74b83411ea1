/** Citizens' reports over HTTP, to a gateway in another process. */
import { isProblemCode, Problem, type ProblemCode, type ProblemFields } from '#domain/errors.js';
import { type FiledReport, REPORT_REFERENCE } from '#domain/goods/citizen-report.js';
import { parseInstant } from '#domain/instant.js';
import { matching, object, parsedBy } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { boundedPost, type Answered } from './bounded-fetch.js';
import type { ReportInbox } from './report-inbox.js';

export interface HttpReportInboxOptions {
  /** e.g. `http://127.0.0.1:8081` */
  readonly gateway: string;
  /** Milliseconds that one report may take; 5000 unless stated. */
  readonly timeout?: number;
}

const LARGEST = 20_000;
const filed = object({ reference: matching(REPORT_REFERENCE, 'reference of a report'), receivedAt: parsedBy(parseInstant) });

/**
 * Posts to a gateway's public route. The source goes along in X-Forwarded-For, which the gateway believes from the
 * proxies in its settings alone; from any other verifier all reports count for the verifier's own address.
 *
 * @returns a port that rejects with what the gateway refused, and with Problem REPORT_NOT_DELIVERED where it did not
 *   answer in time or not in its own words: then the report may be there or not, and sending it again makes sure
 */
export function httpReportInbox({ gateway, timeout = 5_000 }: HttpReportInboxOptions): ReportInbox {
  const url = new URL('/v1/public/citizen-reports', gateway);
  return {
    file: async (report, source) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': source };
      return readAnswer(await posted(() => boundedPost(url, { headers, body: JSON.stringify(report) }, LARGEST, timeout)));
    },
  };
}

async function posted(post: () => Promise<Answered>): Promise<Answered> {
  try {
    return await post();
  } catch (error) {
    throw error instanceof Problem ? new Problem('REPORT_NOT_DELIVERED', error.fields) : error;
  }
}

/** @throws Problem the gateway's own refusal, REPORT_NOT_DELIVERED */
function readAnswer({ status, bytes }: Answered): FiledReport {
  const body = jsonOf(bytes);
  if (status === 201) return filedOf(body);
  const { code, fields } = refusalOf(body);
  throw code === undefined ? new Problem('REPORT_NOT_DELIVERED', { reason: `status ${status}` }) : new Problem(code, fields);
}

function filedOf(body: unknown): FiledReport {
  try {
    return filed(body);
  } catch {
    throw new Problem('REPORT_NOT_DELIVERED', { reason: 'no reference' }); // only shapes throw here
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), LARGEST);
  } catch {
    return undefined; // not ours, whatever it is: told as not delivered
  }
}

/** Of problem details (RFC 9457), the code and its facts; what is not a text in them is left out. */
function refusalOf(body: unknown): { code?: ProblemCode; fields?: ProblemFields } {
  if (typeof body !== 'object' || body === null) return {};
  const { code, field, fields } = body as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || !isProblemCode(code)) return {};
  const facts = Object.entries({ ...(typeof fields === 'object' ? fields : {}), field }).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { code, fields: Object.fromEntries(facts) };
}
