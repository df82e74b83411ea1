/** A row as the order of one credential: the same that a request for a single one would be. */
import type { Did } from '#domain/trust/did.js';
import type { IssueOrder } from '../credentials/issue-order.js';
import type { GoodRow } from './diploma-table.js';

export function orderOfRow(did: Did, { diploma, personal }: Pick<GoodRow, 'diploma' | 'personal'>): IssueOrder {
  return { did, type: 'DiplomaCredential', subjectClaims: diploma, personal };
}
