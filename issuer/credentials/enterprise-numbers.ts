/**
 * Which organisation a registrar has said an enterprise number to be of: of one, in all the identities of it that count. Each
 * identity has its row from its plan on, by a keyed digest of the number; whether it counts is read from its record, so that
 * what becomes of it needs no row of its own.
 */
import type { SubjectClaims } from '#domain/credential/claims.js';
import type { EnterpriseIdentity } from '#domain/credential/enterprise-identity.js';
import { Problem } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { InTurn } from '../in-turn.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { CredentialRecord } from './credential-record.js';
import type { CredentialRows } from './credential-rows.js';

export type NumberOfEnterprise = Pick<EnterpriseIdentity, 'enterpriseNumber' | 'organisation'>;

export interface EnterpriseNumbersParts {
  readonly store: IssuerStore;
  readonly rows: CredentialRows;
  readonly turns: InTurn;
}

export class EnterpriseNumbers {
  readonly #parts: EnterpriseNumbersParts;

  constructor(parts: EnterpriseNumbersParts) {
    this.#parts = parts;
  }

  /**
   * Works on a number alone, from the question whose it is until the answer is written down: of two that want it for two
   * organisations at the same time, the second waits, and is refused.
   *
   * @param issuer organisation that issues, e.g. `so-dang-ky`
   * @param superseded id of the credential that this one corrects: it leaves its number to it
   * @param work given what makes the row that is written with the plan, from the credential's id
   * @throws Problem ENTERPRISE_NUMBER_ISSUED with its field, and the organisation that has the number
   */
  async alone<T>(issuer: OrganisationId, named: NumberOfEnterprise, superseded: string | undefined, work: (taking: (id: string) => readonly Change[]) => Promise<T>): Promise<T> {
    const { store, turns } = this.#parts;
    const prefix = `enterprise-number/${store.hiddenName(['enterprise number', issuer, named.enterpriseNumber])}/`;
    return turns.run(prefix, async () => {
      const other = await this.#other(prefix, named, superseded);
      if (other !== undefined) throw new Problem('ENTERPRISE_NUMBER_ISSUED', { field: 'credential.credentialSubject.enterpriseNumber', organisation: other });
      return work((id) => [putJson(prefix + id, id)]);
    });
  }

  async #other(prefix: string, named: NumberOfEnterprise, superseded: string | undefined): Promise<OrganisationId | undefined> {
    for await (const [key] of this.#parts.store.rows(prefix)) {
      const id = key.slice(prefix.length);
      const record = id === superseded ? undefined : await this.#parts.rows.find(id);
      const said = record === undefined ? undefined : numberOf(record);
      if (record !== undefined && said !== undefined && said.organisation !== named.organisation && await this.#counts(record, said)) return said.organisation;
    }
    return undefined;
  }

  /** Refused, or revoked by its issuer, an identity stands in nobody's way; nor once what corrects it, with the same number, is issued. */
  async #counts({ state, wanted, superseded }: CredentialRecord, said: NumberOfEnterprise): Promise<boolean> {
    if (state === 'refused' || wanted.revocation === true) return false;
    const heir = superseded === undefined ? undefined : await this.#parts.rows.find(superseded.id);
    return heir?.state !== 'issued' || numberOf(heir)?.enterpriseNumber !== said.enterpriseNumber;
  }
}

function numberOf({ claims: { subjectClaims } }: CredentialRecord): NumberOfEnterprise | undefined {
  return identityIn(subjectClaims);
}

/** The identity among the claims of any type; `undefined` where they are a licence's or a diploma's. */
export function identityIn(claims: SubjectClaims[keyof SubjectClaims]): EnterpriseIdentity | undefined {
  return 'enterpriseNumber' in claims ? claims : undefined;
}
