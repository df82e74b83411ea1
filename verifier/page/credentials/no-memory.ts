/**
 * What stands for `verifier/core/credential/credential-memory.ts` in the scripts of the credential pages: who judges one
 * credential need not remember it.
 */
import { instantOf } from '#domain/instant.js';
import type * as kept from '../../core/credential/credential-memory.js';
import { KnownParts } from '../../core/credential/known-payload.js';
import { TwoGenerations } from '../../core/two-generations.js';

/** Remembers nothing. */
export class CredentialMemory implements Pick<kept.CredentialMemory, 'ownKeys' | 'parts' | 'instantOf' | 'proofOf' | 'keep'> {
  readonly ownKeys: kept.CredentialMemory['ownKeys'] = new TwoGenerations(0);
  readonly parts = new KnownParts();
  readonly instantOf = instantOf;

  proofOf(): undefined {
    return undefined;
  }

  keep(): void {
    // There is no second time.
  }
}
