/** Whoever runs the gateway gets in: the first key, made when there is none. */
import { join } from 'node:path';
import { instantOf } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Clock } from '../ledger/clock.js';
import type { ApiKeys } from './api-keys.js';
import { writeSecretFile } from './identity-files.js';
import { SCOPES_OF_TYPE } from './scopes.js';

const LIFE_MS = 365 * 24 * 3_600_000;

export interface FirstOperator {
  readonly keys: ApiKeys;
  readonly registrar: OrganisationId;
  /** where `operator-key.txt` is written, mode 0600 */
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Makes the operator's first key, at the first start and whenever no key of the registrar is left that works.
 *
 * @returns its text, which also stands in the file; `undefined` where a working key is there
 */
export async function ensureOperatorKey({ keys, registrar, folder, clock }: FirstOperator): Promise<string | undefined> {
  const now = instantOf(clock.now());
  const works = keys.list(registrar).some((key) => key.type === 'registrar' && key.revokedAt === undefined && key.expiresAt > now);
  if (works) return undefined;
  const { text } = await keys.issue({
    organisation: registrar, type: 'registrar', label: 'first operator key', scopes: SCOPES_OF_TYPE.registrar, expiresAt: instantOf(clock.now() + LIFE_MS),
  });
  await writeSecretFile(join(folder, 'operator-key.txt'), `${text}\n`);
  return text;
}
