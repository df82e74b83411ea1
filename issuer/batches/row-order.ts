/** A row as the order of one credential: the same that a request for a single one would be. */
import { orderText, uniqueParts, type IssueOrder } from '../credentials/issue-order.js';
import type { IssuerStore } from '../store/issuer-store.js';
import type { Did } from '#domain/trust/did.js';
import type { GoodRow } from './diploma-table.js';

export function orderOfRow(did: Did, { diploma, personal }: Pick<GoodRow, 'diploma' | 'personal'>): IssueOrder {
  return { did, type: 'DiplomaCredential', subjectClaims: diploma, personal };
}

/** A row as it waits to be issued: with the names that were looked up when it came. */
export interface ReadyRow extends GoodRow, UniqueNames {}

/** Hidden name of what there can be only one of, and a fingerprint of what it says. */
export interface UniqueNames {
  readonly unique: string;
  readonly content: string;
}

/** The names that a request for a single credential is known by, so that the two never issue the same twice. */
export function uniqueNames(store: Pick<IssuerStore, 'hiddenName'>, order: IssueOrder): UniqueNames {
  return { unique: store.hiddenName(['unique', ...uniqueParts(order)]), content: store.hiddenName(['content', orderText(order)]) };
}
