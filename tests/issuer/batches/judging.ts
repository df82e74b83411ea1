/** The verifier's judgement of what an issuer hands out: register, lists and commitments fetched as a verifier would. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { epochMs } from '#domain/instant.js';
import { STATUS_PURPOSES } from '#domain/credential/status-list.js';
import type { CommitmentRecord } from '#domain/trust/records.js';
import { trustSnapshot, trustViewOf } from '#domain/trust/snapshot.js';
import { judgeCredential } from '../../../verifier/core/credential/judge.js';
import type { CredentialVerdict } from '../../../verifier/core/credential/credential-verdict.js';
import { verifyStatusList } from '../../../verifier/core/credential/status-list.js';
import type { KnownStatus } from '../../../verifier/core/credential/status-checks.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import type { Answer } from '../../gateway/app/running-gateway.js';

/** Answers a GET: of the gateway for `/public/…`, of the issuer for the rest. */
export type Get = (path: string) => Promise<Answer>;

const crypto = nodeCrypto();
const inflate = promisify(gunzip);

interface Payload {
  readonly vc: { readonly credentialStatus: readonly { readonly statusListCredential: string }[] };
}

/** Judges texts by one copy of everything. */
export async function judge(texts: readonly string[], get: Get): Promise<CredentialVerdict[]> {
  const now = Date.now();
  const snapshot = trustSnapshot((await get('/public/trust')).body);
  const trust = { ...trustViewOf(snapshot), knownAt: epochMs(snapshot.knownAt) };
  const lists = new Map<string, KnownStatus>();
  const commitments = new Map<string, CommitmentRecord | undefined>();
  for (const text of texts) {
    const { vc } = part(text.split('.')[1] ?? '') as Payload;
    for (const [at, { statusListCredential: url }] of vc.credentialStatus.entries()) {
      const purpose = STATUS_PURPOSES[at];
      if (lists.has(url) || purpose === undefined) continue;
      const { text: jwt } = await get(new URL(url).pathname);
      lists.set(url, await verifyStatusList({ jwt, url, purpose, trust, now }, async (bytes, most) => inflate(bytes, { maxOutputLength: most }), crypto));
    }
    const { root } = part(text.slice(text.indexOf('#') + 1)) as { root: string };
    if (!commitments.has(root)) commitments.set(root, (await get(`/public/commitments/${root}`)).body['record'] as CommitmentRecord | undefined);
  }
  const commitmentOf = (root: string): { record: CommitmentRecord } | 'unknown' => {
    const record = commitments.get(root);
    return record === undefined ? 'unknown' : { record };
  };
  return Promise.all(texts.map(async (text) => judgeCredential({ text, trust, statusOf: (url) => lists.get(url), commitmentOf, now }, crypto)));
}

/** JSON in base64url. */
export function part(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}
