/** What bulk import needs of the rest of the gateway. */
import type { FastifyRequest } from 'fastify';
import type { Problem } from '#domain/errors.js';
import type { JobOwner, Submit } from '../jobs/ledger-writer.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';
import type { LocalRequests } from '../tenants/local-requests.js';
import type { ImportEntry } from './import-kind.js';

/**
 * What the ledger would say to one row, as far as the copy for reading knows: the contract decides when it is written.
 *
 * @returns the refusal, or `undefined`
 */
export type Foresee = (owner: JobOwner, entry: ImportEntry) => Promise<Problem | undefined>;

export interface ImportLimits {
  /** octets of a file */
  readonly bytes: number;
  /** rows of a file, the headings and empty ones too */
  readonly rows: number;
  /** refused rows that are described one by one; further ones are only counted */
  readonly errors: number;
}

export const USUAL_LIMITS: ImportLimits = { bytes: 32 * 1024 * 1024, rows: 200_000, errors: 10_000 };

export interface ImportDependencies {
  readonly submit: Submit;
  readonly foresee: Foresee;
  /** rows under `import/` are this interface's */
  readonly store: DurableStore;
  /** remembers idempotency keys, in the same store */
  readonly requests: Pick<LocalRequests, 'once'>;
  /** where files wait to be read, e.g. `data/gateway/imports` */
  readonly directory: string;
  readonly clock: Clock;
  readonly randomBytes: (length: number) => Uint8Array;
  /** who calls; the route's `config` has had the request authorised */
  readonly principal: (request: FastifyRequest) => JobOwner;
  /** told of faults of ours in the background */
  readonly onFault: (error: unknown) => void;
  readonly limits?: Partial<ImportLimits>;
}
