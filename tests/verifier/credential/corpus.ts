/** Every bad credential that was made by hand, under both algorithms. */
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { ALGORITHMS, sceneOf, type Scene } from '../../support/credential-maker.js';
import { AUTHORITY_ROWS } from './corpus-authority.js';
import { READING_ROWS } from './corpus-header.js';
import { LEDGER_ROWS } from './corpus-ledger.js';
import type { CorpusRow } from './corpus-row.js';
import { LICENCE_ROWS } from './corpus-licence.js';
import { SIGNATURE_ROWS } from './corpus-signature.js';
import { STATE_ROWS } from './corpus-state.js';
import { TEXT_ROWS } from './corpus-text.js';
import { TRUST_ROWS } from './corpus-trust.js';

export const CORPUS: readonly CorpusRow[] = [...TEXT_ROWS, ...READING_ROWS, ...SIGNATURE_ROWS, ...TRUST_ROWS, ...LEDGER_ROWS, ...STATE_ROWS, ...AUTHORITY_ROWS, ...LICENCE_ROWS];

export interface BadCredential {
  readonly name: string;
  readonly row: CorpusRow;
  readonly algorithm: SignatureAlgorithm;
  readonly scene: Scene;
}

/** Made anew each time: P-256 signatures differ. */
export function badCredentials(): readonly BadCredential[] {
  return CORPUS.flatMap((row) => ALGORITHMS.filter((algorithm) => row.only === undefined || row.only === algorithm)
    .map((algorithm) => ({ name: `${row.name}, ${algorithm}`, row, algorithm, scene: sceneOf(algorithm, row.plan(algorithm)) })));
}
