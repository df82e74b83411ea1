/** One credential that is wrong by one change, and the whole report that it must get. */
import type { CredentialType } from '#domain/credential/credential-type.js';
import type { ProblemCode } from '#domain/errors.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { every, NOT_REACHED, none, READ, type CredentialReport } from '../../../verifier/core/credential/credential-report.js';
import { fail, PASS, type Outcome } from '../../../verifier/core/report.js';
import type { Plan } from '../../support/credential-maker.js';

export interface CorpusRow {
  readonly name: string;
  /** Where the rule stands that the change breaks. */
  readonly source: string;
  /** Where it makes sense for one algorithm only. */
  readonly only?: SignatureAlgorithm;
  readonly plan: (algorithm: SignatureAlgorithm) => Plan;
  readonly report: CredentialReport;
}

type Upset = Partial<CredentialReport>;

/** The report on a good credential of a type, its disclosures shown; `upset` is all that differs. */
export function goodReport(type: CredentialType, upset: Upset = {}): CredentialReport {
  const isDiploma = type === 'DiplomaCredential';
  const passed = { ...every(PASS), holder: none('bearer'), disclosures: isDiploma ? PASS : none('nothing-hidden'), expiry: isDiploma ? none('no-expiry') : PASS };
  return { ...passed, ...upset };
}

export type Stage = 'format' | 'header' | 'payload' | 'kid';

const BEFORE: Readonly<Record<Stage, (failed: Outcome) => Upset>> = {
  format: (failed) => ({ format: failed }),
  header: (failed) => ({ format: PASS, header: failed }),
  payload: (failed) => ({ format: PASS, header: PASS, payload: failed }),
  kid: (failed) => ({ format: PASS, header: failed, payload: PASS }),
};

/** Where reading ends, nothing else is reached. */
export function unreadable(stage: Stage, code: ProblemCode): CredentialReport {
  return { ...every(NOT_REACHED), ...BEFORE[stage](fail(code)) };
}

/** Read, but signed by nobody who could be asked about: only issuer and key are looked at. */
export function unsigned(found: Partial<Pick<CredentialReport, 'issuer' | 'key' | 'signature'>>): CredentialReport {
  return { ...READ, issuer: PASS, ...found };
}

/** Rows, to be added to one by one. */
export class Rows {
  readonly all: CorpusRow[] = [];

  add(name: string, source: string, plan: Plan | ((algorithm: SignatureAlgorithm) => Plan), report: CredentialReport, only?: SignatureAlgorithm): void {
    const planOf = typeof plan === 'function' ? plan : (): Plan => plan;
    this.all.push({ name, source, plan: planOf, report, ...(only === undefined ? {} : { only }) });
  }

  /** A credential that is signed and read, and of which these checks do not pass. The default type is a licence. */
  upset(name: string, source: string, plan: Plan | ((algorithm: SignatureAlgorithm) => Plan), upset: Upset, only?: SignatureAlgorithm): void {
    const type = (typeof plan === 'function' ? plan('ES256') : plan).type ?? 'ChemicalLicenceCredential';
    this.add(name, source, plan, goodReport(type, upset), only);
  }
}

