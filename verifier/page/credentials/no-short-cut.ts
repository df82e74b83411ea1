/**
 * What stands for `verifier/core/credential/known-payload.ts` in the scripts of the credential pages: who reads one
 * credential needs no short cut, and every payload goes the long way through `readPayload`.
 */
import type * as shortCut from '../../core/credential/known-payload.js';
import type { JwsHeader } from '../../core/credential/jws-header.js';
import { TwoGenerations } from '../../core/two-generations.js';

/** Remembers nothing. */
export class KnownParts implements Pick<shortCut.KnownParts, 'headers'> {
  readonly headers = new TwoGenerations<JwsHeader>(0);
}

export const readKnownPayload: typeof shortCut.readKnownPayload = () => undefined;
