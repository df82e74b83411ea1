/** Who calls the issuer: whoever the gateway says the API key belongs to. */
import { createHash } from 'node:crypto';
import type { CredentialType } from '#domain/credential/credential-type.js';
import { Problem, require } from '#domain/errors.js';
import type { GatewayCaller, TrustLedger } from './ledger/trust-ledger.js';

/** An organisation that calls with a key of the gateway. */
export interface Caller extends GatewayCaller {
  /** The key itself, for the gateway: what the issuer does for a caller, it does with the caller's rights. */
  readonly bearer: string;
}

/**
 * What the gateway would refuse with this key is not begun: what was begun is finished with the organisation's other keys too.
 *
 * @throws Problem SCOPE_MISSING for a licence, which is written with a right of its own
 */
export function requireScopeFor({ scopes }: Pick<Caller, 'scopes'>, type: CredentialType): void {
  require(type !== 'ChemicalLicenceCredential' || scopes.includes('licences:write'), 'SCOPE_MISSING', { scope: 'licences:write' });
}

const BEARER = /^bearer +(mc_[A-Za-z0-9]{1,40}_[A-Za-z0-9_-]{20,100})$/i;
/** How long an answer of the gateway holds: a key that is revoked there is refused here so much later, at most. */
const HOLDS_MS = 10_000;
const MOST_REMEMBERED = 5_000;

interface Remembered {
  readonly at: number;
  readonly answer: Promise<GatewayCaller>;
}

export class Callers {
  readonly #ledger: Pick<TrustLedger, 'whoami'>;
  readonly #now: () => number;
  readonly #remembered = new Map<string, Remembered>();

  constructor(ledger: Pick<TrustLedger, 'whoami'>, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
  }

  /**
   * @param authorization the header of a request, e.g. `Bearer mc_7QK2M9ZD4XWA_…`
   * @throws Problem API_KEY_MISSING, API_KEY_WRONG, API_KEY_EXPIRED, API_KEY_REVOKED, LEDGER_UNREACHABLE
   */
  async identify(authorization: string | undefined): Promise<Caller> {
    require(authorization !== undefined && authorization !== '', 'API_KEY_MISSING');
    const [, bearer] = BEARER.exec(authorization.slice(0, 200)) ?? [];
    if (bearer === undefined) throw new Problem('API_KEY_WRONG');
    return { ...await this.#ask(bearer), bearer };
  }

  /** Wrong keys are remembered too: whoever tries them in a row does not reach the gateway with each. */
  async #ask(bearer: string): Promise<GatewayCaller> {
    const name = createHash('sha256').update(bearer).digest('base64');
    const known = this.#remembered.get(name);
    const age = this.#now() - (known?.at ?? -Infinity);
    if (known !== undefined && age >= 0 && age < HOLDS_MS) return known.answer;
    const answer = this.#ledger.whoami(bearer);
    this.#remember(name, { at: this.#now(), answer });
    answer.catch((error: unknown) => {
      if (!(error instanceof Problem) || error.kind !== 'unauthorised') this.#remembered.delete(name);
    });
    return answer;
  }

  #remember(name: string, one: Remembered): void {
    this.#remembered.delete(name);
    if (this.#remembered.size >= MOST_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(name, one);
  }
}
