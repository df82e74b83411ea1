/** What anybody may see of a credential: its text without what is personal, and the box that only the paper opens. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { comparableNumber } from '#domain/credential/personal-data.js';
import { readDisclosure } from '#domain/credential/disclosure.js';
import type { RevealRequest } from '#domain/credential/reveal.js';
import { Problem } from '#domain/errors.js';
import type { Instant } from '#domain/instant.js';
import { credentialText } from '../credentials/credential-text.js';
import type { CredentialRecord, Secrets } from '../credentials/credential-record.js';
import type { CredentialRows } from '../credentials/credential-rows.js';
import { disclosuresOf, openDisclosures, sealDisclosures } from '../credentials/sealed-disclosures.js';
import type { Chance } from '../random-names.js';
import type { RevealLimit } from './reveal-limit.js';

export interface PublicCredential {
  readonly id: string;
  /** `<jwt>#<evidence>`: whole for its signature and commitment, without disclosures. */
  readonly text: string;
  /** Sealed disclosures, base64url. */
  readonly sealed?: string;
  /** The public record of the credential that supersedes it. */
  readonly supersededBy?: string;
  readonly issuedAt: Instant;
}

export interface PublicCredentialsParts {
  readonly rows: CredentialRows;
  readonly chance: Chance;
  readonly limit: RevealLimit;
}

type Sealed = Required<Pick<Secrets, 'sealed' | 'revealKey'>>;

export class PublicCredentials {
  readonly #parts: PublicCredentialsParts;
  /** Opened where there is nothing to be opened, so that a wrong guess takes as long whatever is wrong with it. */
  readonly #decoy: Sealed;

  constructor(parts: PublicCredentialsParts) {
    this.#parts = parts;
    const disclosures = disclosuresOf('DiplomaCredential', DECOY, () => parts.chance.token());
    const revealKey = parts.chance.token();
    this.#decoy = { revealKey, sealed: sealDisclosures(disclosures, revealKey) };
  }

  /** @throws Problem CREDENTIAL_UNKNOWN, PERSONAL_DATA_ERASED */
  async read(publicId: string): Promise<PublicCredential> {
    const { rows } = this.#parts;
    const record = await rows.published(publicId);
    const secrets = await rows.secrets(record.id);
    const { superseded, wanted, plannedAt } = record;
    return {
      id: publicId, text: publicText(record, secrets), issuedAt: plannedAt,
      ...(secrets.sealed === undefined ? {} : { sealed: secrets.sealed }),
      ...(superseded === undefined || wanted.refresh !== true ? {} : { supersededBy: superseded.publicId }),
    };
  }

  /**
   * The disclosures, for whoever copies two numbers from the paper. Whether the record, the number or the day is wrong cannot
   * be told from the answer nor from the time it takes; and guesses are few.
   *
   * @throws Problem REVEAL_REFUSED, RATE_LIMITED
   */
  async reveal(publicId: string, { serialNumber, dateOfBirth }: RevealRequest): Promise<{ disclosures: readonly string[] }> {
    this.#parts.limit.take(publicId);
    const found = await this.#sealed(publicId);
    const { sealed, revealKey } = found ?? this.#decoy;
    const disclosures = openDisclosures(sealed, revealKey);
    const values = new Map(disclosures.map(readDisclosure).map(({ name, value }) => [name, value]));
    const isNumber = isSame(comparableNumber(values.get('serialNumber') ?? ''), comparableNumber(serialNumber));
    const isDay = isSame(values.get('dateOfBirth') ?? '', dateOfBirth);
    if (Number(isNumber) + Number(isDay) + Number(found !== undefined) < 3) throw new Problem('REVEAL_REFUSED');
    this.#parts.limit.forget(publicId);
    return { disclosures };
  }

  async #sealed(publicId: string): Promise<Sealed | undefined> {
    try {
      const { id } = await this.#parts.rows.published(publicId);
      const { sealed, revealKey } = await this.#parts.rows.secrets(id);
      return sealed === undefined || revealKey === undefined ? undefined : { sealed, revealKey };
    } catch (error) {
      if (error instanceof Problem && error.kind === 'not-found') return undefined;
      throw error;
    }
  }
}

const DECOY = { fullName: 'Không Có Ai', dateOfBirth: '1900-01-01', serialNumber: '0', registerNumber: '0' } as never;

/** The text of a public record. */
export function publicText(record: CredentialRecord, secrets: Secrets): string {
  return textWith(record, secrets, []);
}

/** The text for the issuer's own people and for the subject: with everything. */
export function wholeText(record: CredentialRecord, secrets: Secrets): string {
  return textWith(record, secrets, secrets.disclosures);
}

function textWith({ jwt, place, id }: CredentialRecord, { salt }: Secrets, disclosures: readonly string[]): string {
  if (jwt === undefined || place === undefined) throw new Problem('CREDENTIAL_NOT_ISSUED', { credential: id });
  return credentialText(jwt, disclosures, { ...place, salt });
}

/** Of equal length before they are compared, so that the length tells nothing. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
