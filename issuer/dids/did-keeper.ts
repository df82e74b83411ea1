/**
 * DIDs and their keys through their lives: made, rotated, retired, found compromised. Each step stands on the ledger before
 * it counts here, and a step that was cut short is finished by asking for it again.
 */
import { require } from '#domain/errors.js';
import { instantOf, type Instant } from '#domain/instant.js';
import { organisationId, type OrganisationId } from '#domain/registry/organisation.js';
import { object, oneOf, optional, type Parsed } from '#domain/shape.js';
import { didMethod, parseDid, type Did } from '#domain/trust/did.js';
import { ownKeyId } from '#domain/trust/did-public-key.js';
import { signatureAlgorithm, type SignatureAlgorithm } from '#domain/trust/public-key.js';
import { instant } from '#domain/trust/records.js';
import type { Caller } from '../callers.js';
import type { InTurn } from '../in-turn.js';
import type { TrustLedger } from '../ledger/trust-ledger.js';
import type { Chance } from '../random-names.js';
import type { IssuerAgent } from '../veramo-agent.js';
import type { DidRows } from './did-rows.js';
import { withKey, type HeldDid, type HeldKey } from './held-did.js';

/** Body of `POST /v1/dids`. */
export const didOrder = object({
  organisation: organisationId,
  method: optional(oneOf('web', 'key', 'jwk')),
  algorithm: optional(signatureAlgorithm),
  /** A `did:web` of the host itself, not of a path below it. */
  root: optional(oneOf('yes')),
});
export type DidOrder = Parsed<typeof didOrder>;

/** Body of `POST /v1/dids/:did/keys`. */
export const rotationOrder = object({ algorithm: optional(signatureAlgorithm) });

/** Body of `POST /v1/dids/:did/keys/:keyId/retirement`. */
export const retirementOrder = object({ reason: oneOf('superseded', 'compromised'), compromisedSince: optional(instant) });
export type RetirementOrder = Parsed<typeof retirementOrder>;

export interface DidKeeperParts {
  readonly agent: IssuerAgent;
  readonly rows: DidRows;
  readonly ledger: TrustLedger;
  readonly turns: InTurn;
  readonly chance: Chance;
  readonly now: () => number;
  /** Where documents of `did:web` are served, e.g. `http://localhost:8082`. */
  readonly origin: string;
}

export class DidKeeper {
  readonly #parts: DidKeeperParts;

  constructor(parts: DidKeeperParts) {
    this.#parts = parts;
  }

  /**
   * Makes a DID with its first key and puts both on the ledger.
   *
   * @param caller a registrar: the ledger takes DIDs from nobody else
   * @throws Problem DID_PATH_TAKEN; DID_ALREADY_REGISTERED where there is one whose key is of another algorithm than the one
   *   asked for; and what the ledger refuses
   */
  async create(caller: Caller, order: DidOrder): Promise<HeldDid> {
    const webDid = (order.method ?? 'web') === 'web' ? webDidOf(this.#parts.origin, order) : undefined;
    return this.#parts.turns.run(`did ${webDid ?? this.#parts.chance.name()}`, async () => this.#register(caller, await this.#propose(order, webDid)));
  }

  async #propose(order: DidOrder, webDid: Did | undefined): Promise<HeldDid> {
    const { rows, now } = this.#parts;
    const { organisation } = order;
    const known = webDid === undefined ? undefined : rows.find(webDid);
    require(known === undefined || known.state === 'proposed' || known.organisation === organisation, 'DID_PATH_TAKEN', { did: webDid ?? '' });
    if (known !== undefined) {
      const isOther = order.algorithm !== undefined && known.keys.every(({ algorithm, state }) => state === 'superseded' || state === 'compromised' || algorithm !== order.algorithm);
      require(!isOther, 'DID_ALREADY_REGISTERED', { did: known.did, field: 'algorithm' });
      return rows.save({ ...known, organisation });
    }
    return rows.save({ organisation, state: 'proposed', createdAt: instantOf(now()), ...await this.#newDid(order, webDid) });
  }

  async #newDid({ method = 'web', algorithm = 'ES256' }: DidOrder, webDid: Did | undefined): Promise<Pick<HeldDid, 'did' | 'keys'>> {
    const name = this.#parts.chance.name();
    const { did, ...key } = await this.#parts.agent.createDid({ alias: webDid ?? name, method, vault: name, algorithm, ...(webDid === undefined ? {} : { webDid }) });
    return { did, keys: [{ keyId: ownKeyId(did) ?? 'key-1', ...key, state: 'proposed' }] };
  }

  async #register({ bearer }: Caller, held: HeldDid): Promise<HeldDid> {
    const { ledger, rows } = this.#parts;
    await ledger.registerDid(bearer, { did: held.did, organisation: held.organisation });
    const registered = await rows.save({ ...held, state: 'registered' });
    const first = registered.keys[0];
    return first === undefined || first.state !== 'proposed' ? registered : this.#activate(bearer, registered, first);
  }

  /** The key in a `did:key` or `did:jwk` is on the ledger with its DID. */
  async #activate(bearer: string, held: HeldDid, { keyId, algorithm, publicKeyJwk }: HeldKey): Promise<HeldDid> {
    const { ledger, rows } = this.#parts;
    if (didMethod(held.did) === 'web') await ledger.registerKey(bearer, { did: held.did, keyId, algorithm, publicKeyJwk });
    return rows.save(withKey(held, keyId, { state: 'active', from: this.#instant() }));
  }

  /**
   * Gives a `did:web` a new key, and ends the period of those before it.
   *
   * @throws Problem DID_NOT_HERE, DID_NOT_HELD, DID_NOT_YET_REGISTERED, DID_KEY_IS_ITS_OWN, and what the ledger refuses
   */
  async rotate(caller: Caller, did: string, { algorithm = 'ES256' }: { algorithm?: SignatureAlgorithm }): Promise<HeldDid> {
    return this.#parts.turns.run(`did ${did}`, async () => {
      const held = this.#own(caller, did);
      require(held.state === 'registered', 'DID_NOT_YET_REGISTERED', { did });
      require(didMethod(held.did) === 'web', 'DID_KEY_IS_ITS_OWN', { did });
      // Two keys in force: the last rotation did not get to its end, and this request asks for that end.
      const isUnfinished = held.keys.filter((key) => key.state === 'active').length > 1;
      const rotated = isUnfinished ? held : await this.#addKey(caller, held, algorithm);
      return this.#supersede(caller, rotated);
    });
  }

  async #addKey(caller: Caller, held: HeldDid, algorithm: SignatureAlgorithm): Promise<HeldDid> {
    const { agent, rows, chance } = this.#parts;
    const proposed = held.keys.find((key) => key.state === 'proposed' && key.algorithm === algorithm);
    if (proposed !== undefined) return this.#activate(caller.bearer, held, proposed);
    const vault = chance.name();
    const half = await agent.addKey(held.did, vault, algorithm);
    const key: HeldKey = { keyId: `key-${held.keys.length + 1}`, vault, ...half, state: 'proposed' };
    return this.#activate(caller.bearer, await rows.save({ ...held, keys: [...held.keys, key] }), key);
  }

  async #supersede(caller: Caller, held: HeldDid): Promise<HeldDid> {
    const newest = held.keys.findLast((key) => key.state === 'active');
    let now = held;
    for (const { keyId, state } of held.keys) {
      if (state === 'active' && keyId !== newest?.keyId) now = await this.#end(caller, now, keyId, { reason: 'superseded' });
    }
    return now;
  }

  /**
   * Ends a key's period. `compromised` without a time means that nothing it ever signed counts.
   *
   * @throws Problem DID_NOT_HERE, DID_NOT_HELD, DID_KEY_IS_ITS_OWN, DID_KEY_UNKNOWN, and what the ledger refuses
   */
  async retire(caller: Caller, did: string, keyId: string, order: RetirementOrder): Promise<HeldDid> {
    return this.#parts.turns.run(`did ${did}`, async () => {
      const held = this.#own(caller, did);
      require(didMethod(held.did) === 'web', 'DID_KEY_IS_ITS_OWN', { did });
      require(held.keys.some((key) => key.keyId === keyId), 'DID_KEY_UNKNOWN', { did, keyId: keyId.slice(0, 64) });
      return this.#end(caller, held, keyId, order);
    });
  }

  async #end({ bearer }: Caller, held: HeldDid, keyId: string, order: RetirementOrder): Promise<HeldDid> {
    await this.#parts.ledger.retireKey(bearer, { did: held.did, keyId, ...order });
    const key = held.keys.find((one) => one.keyId === keyId);
    const to = key?.to ?? this.#instant();
    // Without a time, nothing that the key ever signed counts: as on the ledger, since its period began.
    const since = order.reason === 'compromised' ? { compromisedSince: order.compromisedSince ?? key?.from ?? to } : {};
    return this.#parts.rows.save(withKey(held, keyId, { state: order.reason, to, ...since }));
  }

  /** A registrar keeps the register for everybody, as on the ledger. */
  #own(caller: Caller, did: string): HeldDid {
    const held = this.#parts.rows.known(did);
    require(caller.type === 'registrar' || held.organisation === caller.organisation, 'DID_NOT_HELD', { did: held.did, organisation: caller.organisation });
    return held;
  }

  #instant(): Instant {
    return instantOf(this.#parts.now());
  }
}

/** @returns e.g. `did:web:localhost%3A8082:dai-hoc-vi-du` */
function webDidOf(origin: string, { organisation, root }: { organisation: OrganisationId; root?: 'yes' | undefined }): Did {
  const authority = new URL(origin).host.replace(':', '%3A');
  return parseDid(root === 'yes' ? `did:web:${authority}` : `did:web:${authority}:${organisation}`);
}
