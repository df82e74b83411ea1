/** Registry and commitments over HTTP, from a gateway in another process. */
import { Problem } from '#domain/errors.js';
import { object, text } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { commitmentRecord } from '#domain/trust/records.js';
import { trustSnapshot, type PublicCommitment, type TrustSnapshot } from '#domain/trust/snapshot.js';
import { boundedGet, type Answered } from '../bounded-fetch.js';
import type { CommitmentSource, TrustSource } from './credential-sources.js';

export interface HttpTrustSourceOptions {
  /** e.g. `http://127.0.0.1:8081` */
  readonly gateway: string;
  /** Milliseconds that one question may take; 5000 unless stated. */
  readonly timeout?: number;
}

/** Bytes. A registry of 5,000 issuers takes some 6 MB. */
const LARGEST = { snapshot: 64_000_000, commitment: 500_000 } as const;
const LONGEST_RECEIPT = 400_000;

const commitment = object({ record: commitmentRecord, receipt: text(LONGEST_RECEIPT) });

/**
 * Asks a gateway's public routes.
 *
 * @returns ports that reject with Problem LEDGER_UNREACHABLE where it does not answer in time, and with the codes of the
 *   shapes where it answers nonsense
 */
export function httpTrustSource({ gateway, timeout = 5_000 }: HttpTrustSourceOptions): TrustSource & CommitmentSource {
  let kept: { readonly etag: string | undefined; readonly snapshot: TrustSnapshot } | undefined;
  return {
    trustSnapshot: async () => {
      const headers = kept?.etag === undefined ? {} : { 'if-none-match': kept.etag };
      const answer = await boundedGet(new URL('/public/trust', gateway), headers, LARGEST.snapshot, timeout);
      if (answer.status === 304 && kept !== undefined) return kept.snapshot;
      const snapshot = trustSnapshot(jsonOf(answer, LARGEST.snapshot));
      kept = { etag: answer.etag, snapshot };
      return snapshot;
    },
    commitment: async (root): Promise<PublicCommitment | undefined> => {
      const answer = await boundedGet(new URL(`/public/commitments/${encodeURIComponent(root)}`, gateway), {}, LARGEST.commitment, timeout);
      return answer.status === 404 ? undefined : commitment(jsonOf(answer, LARGEST.commitment));
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function jsonOf({ status, bytes }: Answered, largest: number): unknown {
  if (status !== 200) throw new Problem('LEDGER_UNREACHABLE', { reason: `status ${status}` });
  try {
    return parseStrictJson(utf8.decode(bytes), largest);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('TEXT_NOT_PLAIN'); // TypeError is the decoder's only error
  }
}
