/** How much of the memory transactions between their steps take, and how much of it one organisation may. */
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { PreparedTransaction } from './prepared-transaction.js';

/** Transactions of one organisation that wait. */
const MOST_OF_ONE = 200;
/** Bytes of all organisations. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Bytes of one: enough for the largest that there can be, endorsed, and too little to shut out the others. */
const MOST_BYTES_OF_ONE = MOST_BYTES / 8;

interface Taken {
  readonly waiting: number;
  readonly bytes: number;
}

/** As far as the room asks. */
export interface Taking {
  readonly prepared: PreparedTransaction;
  readonly submitted: boolean;
}

const NOTHING: Taken = { waiting: 0, bytes: 0 };

/** Bytes that one takes; an endorsed one holds its arguments three times. */
export function sizeOf({ text, certificate, proposal, endorsed }: PreparedTransaction): number {
  return 2 * (text.length + (endorsed?.result.length ?? 0)) + certificate.length + proposal.bytes.length + (endorsed?.bytes.length ?? 0);
}

export class PreparedRoom {
  readonly #taken = new Map<OrganisationId, Taken>();
  #bytes = 0;

  take(one: Taking): void {
    this.#change(one, 1);
  }

  give(one: Taking): void {
    this.#change(one, -1);
  }

  #change({ prepared, submitted }: Taking, sign: 1 | -1): void {
    const { organisation } = prepared;
    const { waiting, bytes } = this.#taken.get(organisation) ?? NOTHING;
    const size = sign * sizeOf(prepared);
    this.#bytes += size;
    const taken = { waiting: waiting + (submitted ? 0 : sign), bytes: bytes + size };
    if (taken.bytes === 0) this.#taken.delete(organisation);
    else this.#taken.set(organisation, taken);
  }

  /** @returns in whose room there is not so much: the organisation's own share, that of all, or neither */
  lacking(organisation: OrganisationId, bytes: number): 'own' | 'all' | undefined {
    if ((this.#taken.get(organisation) ?? NOTHING).bytes + bytes > MOST_BYTES_OF_ONE) return 'own';
    return this.#bytes + bytes > MOST_BYTES ? 'all' : undefined;
  }

  /** @throws Problem OFFLINE_TRANSACTIONS_FULL with `most` transactions, and `megabytes` of them together, of an organisation */
  require(organisation: OrganisationId, more: Taken): void {
    const { waiting } = this.#taken.get(organisation) ?? NOTHING;
    const fits = waiting + more.waiting <= MOST_OF_ONE && this.lacking(organisation, more.bytes) === undefined;
    if (!fits) throw new Problem('OFFLINE_TRANSACTIONS_FULL', { most: String(MOST_OF_ONE), megabytes: String(MOST_BYTES_OF_ONE / 1024 / 1024) });
  }
}
