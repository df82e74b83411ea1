/** What the routes work with: opened by `start.ts`, by tests in the same way. */
import type { Callers } from './callers.js';
import type { IssuerSettings } from './config.js';
import type { CredentialRows } from './credentials/credential-rows.js';
import type { DiplomaNumbers } from './credentials/diploma-numbers.js';
import type { Issuing } from './credentials/issuing.js';
import type { Settling } from './credentials/settling.js';
import type { StatusDesk } from './credentials/status-desk.js';
import type { DidKeeper } from './dids/did-keeper.js';
import type { DidRows } from './dids/did-rows.js';
import type { InTurn } from './in-turn.js';
import type { PublicCredentials } from './public/public-credentials.js';
import type { StatusLists } from './status/status-lists.js';
import type { IssuerStore } from './store/issuer-store.js';

export interface IssuerServices {
  readonly settings: IssuerSettings;
  readonly store: IssuerStore;
  readonly callers: Callers;
  readonly dids: DidRows;
  readonly keeper: DidKeeper;
  readonly rows: CredentialRows;
  readonly numbers: DiplomaNumbers;
  readonly turns: InTurn;
  readonly issuing: Issuing;
  readonly settling: Settling;
  readonly desk: StatusDesk;
  readonly lists: StatusLists;
  readonly publicCredentials: PublicCredentials;
  /** milliseconds since 1970 */
  readonly now: () => number;
}
