/**
 * The Veramo agent: the one file that knows Veramo. Keys, DIDs and credential JWTs are made through its plugins; our
 * stores, our key management on node:crypto and our providers stand behind them. It makes no trust decision: nothing
 * here verifies anything, because what Veramo verifies can be fooled (`docs/decisions/0006-credential-packages.md`).
 */
import { createAgent } from '@veramo/core';
import type { DIDDocument, IAgentContext, ICredentialIssuer, IDIDManager, IIdentifier, IKey, IKeyManager, IResolver, ManagedKeyInfo, TAgent, VerifiableCredential } from '@veramo/core-types';
import { CredentialPlugin, type ICredentialProvider } from '@veramo/credential-w3c';
import { AbstractDIDStore, AbstractIdentifierProvider, DIDManager } from '@veramo/did-manager';
import { KeyDIDProvider } from '@veramo/did-provider-key';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { AbstractKeyManagementSystem, AbstractKeyStore, KeyManager } from '@veramo/key-manager';
import type { Did, DidMethod } from '#domain/trust/did.js';
import type { PublicKeyJwk, SignatureAlgorithm } from '#domain/trust/public-key.js';
import { encodeCredentialJwt, refuseOtherModels, type UnsignedCredential } from './credentials/jwt-encoder.js';
import { didJwkOf, didKeyOf } from './dids/own-key-did.js';
import type { KeyVault, PublicHalf } from './keys/key-vault.js';
import { publicKeyBytes } from './keys/signing-key.js';
import type { IssuerStore } from './store/issuer-store.js';
import { JsonRows } from './store/json-rows.js';

const KMS = 'node-crypto';
const KEY_TYPE = { ES256: 'Secp256r1', EdDSA: 'Ed25519' } as const;

/** What the rest of the issuer asks of the agent. */
export interface IssuerAgent {
  /** Makes a DID with its first key; repeated with the same alias, it answers the same DID again. */
  createDid(order: { readonly alias: string; readonly method: DidMethod; readonly vault: string; readonly algorithm: SignatureAlgorithm; readonly webDid?: Did }): Promise<{ readonly did: Did; readonly vault: string } & PublicHalf>;
  /** Adds a key to a `did:web`. */
  addKey(did: Did, vault: string, algorithm: SignatureAlgorithm): Promise<PublicHalf>;
  /** @returns a compact JWT */
  signCredential(credential: UnsignedCredential, key: { readonly vault: string; readonly keyId: string }): Promise<string>;
  /** @returns a JWS signature in base64url */
  sign(vault: string, data: string): Promise<string>;
  resolve(did: string): Promise<unknown>;
}

export interface AgentParts {
  readonly store: IssuerStore;
  readonly vault: KeyVault;
  /** The document of a DID held here; nothing is fetched. */
  readonly documentOf: (did: string) => Promise<object | undefined>;
}

type Agent = TAgent<IKeyManager & IDIDManager & IResolver & ICredentialIssuer>;

/** Builds the agent. Argument checks by JSON schema stay off: they break Veramo's own calls, and the shapes of `domain/` read every input before. */
export function buildAgent({ store, vault, documentOf }: AgentParts): IssuerAgent {
  const keys = new KeyManager({ store: new KeyRows(store), kms: { [KMS]: new NodeKeyManagement(vault) } });
  const dids = new DidRows(store);
  const agent = createAgent<IKeyManager & IDIDManager & IResolver & ICredentialIssuer>({
    plugins: [
      keys,
      new DIDManager({ store: dids, defaultProvider: 'did:web', providers: providersOf(vault) }),
      new DIDResolverPlugin({ resolver: { resolve: async (did: string) => resolutionOf(await documentOf(did)) } }),
      new CredentialPlugin([new CanonicalJwtProvider(dids, keys)]),
    ],
  });
  return adapted(agent, vault);
}

function adapted(agent: Agent, vault: KeyVault): IssuerAgent {
  return {
    createDid: async ({ alias, method, vault: name, algorithm, webDid }) => {
      const { did, controllerKeyId } = await agent.didManagerGetOrCreate({ alias, provider: `did:${method}`, kms: KMS, options: { name, type: KEY_TYPE[algorithm], webDid } });
      const first = found(controllerKeyId, did);
      return { did: did as Did, vault: first, ...await vault.publicHalf(first) };
    },
    addKey: async (did, name, algorithm) => {
      const key = await agent.keyManagerCreate({ kms: KMS, type: KEY_TYPE[algorithm], kid: name });
      await agent.didManagerAddKey({ did, key });
      return vault.publicHalf(name);
    },
    signCredential: async (credential, { vault: name, keyId }) => {
      refuseOtherModels(credential); // before Veramo, which puts a context of version 1 in front of whatever it finds
      const { proof } = await agent.createVerifiableCredential({ credential: { ...credential } as never, proofFormat: 'jwt', keyRef: name, kid: `${credential.issuer}#${keyId}` });
      return String(proof['jwt']);
    },
    sign: async (name, data) => agent.keyManagerSign({ keyRef: name, data, encoding: 'utf-8' }),
    resolve: async (did) => agent.resolveDid({ didUrl: did }),
  };
}

function resolutionOf(document: object | undefined): Awaited<ReturnType<IResolver['resolveDid']>> {
  if (document === undefined) return { didResolutionMetadata: { error: 'notFound' }, didDocument: null, didDocumentMetadata: {} };
  return { didResolutionMetadata: { contentType: 'application/did+ld+json' }, didDocument: document as DIDDocument, didDocumentMetadata: {} };
}

/** Private keys stay in the vault; Veramo knows their names. */
class NodeKeyManagement extends AbstractKeyManagementSystem {
  readonly #vault: KeyVault;

  constructor(vault: KeyVault) {
    super();
    this.#vault = vault;
  }

  async createKey({ type, kid }: { type: string; kid?: string }): Promise<ManagedKeyInfo> {
    const algorithm = type === KEY_TYPE.ES256 ? 'ES256' : 'EdDSA';
    if (type !== KEY_TYPE[algorithm] || kid === undefined) throw notSupported(`a key of type ${type} with name ${String(kid)}`);
    return keyInfo(kid, await this.#vault.create(kid, algorithm));
  }

  async sign({ keyRef, data }: { keyRef: Pick<IKey, 'kid'>; data: Uint8Array }): Promise<string> {
    return (await this.#vault.sign(keyRef.kid, data)).toString('base64url');
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    await this.#vault.remove(kid);
    return true;
  }

  /** A private key that was outside once cannot be vouched for. */
  async importKey(): Promise<ManagedKeyInfo> {
    throw notSupported('keys are made here, never brought here');
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    throw notSupported('the key store lists keys');
  }

  async sharedSecret(): Promise<string> {
    throw notSupported('these keys only sign');
  }
}

function keyInfo(kid: string, { algorithm, publicKeyJwk }: { algorithm: SignatureAlgorithm; publicKeyJwk: PublicKeyJwk }): ManagedKeyInfo {
  return { kid, kms: KMS, type: KEY_TYPE[algorithm], publicKeyHex: publicKeyBytes(publicKeyJwk).toString('hex'), meta: { algorithms: [algorithm] } };
}

/** Veramo expects a throw where nothing is. */
function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`not_found: ${name}`);
  return value;
}

class KeyRows extends AbstractKeyStore {
  readonly #rows: JsonRows<ManagedKeyInfo>;

  constructor(store: IssuerStore) {
    super();
    this.#rows = new JsonRows(store, 'agent-key/');
  }

  async importKey({ kid = '', kms = KMS, type = '', publicKeyHex = '', meta = null }: Partial<IKey>): Promise<boolean> {
    await this.#rows.put(kid, { kid, kms, type, publicKeyHex, meta });
    return true;
  }

  async getKey({ kid }: { kid: string }): Promise<IKey> {
    return found(await this.#rows.find(kid), kid);
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    await this.#rows.delete(kid);
    return true;
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    return this.#rows.list();
  }
}

class DidRows extends AbstractDIDStore {
  readonly #rows: JsonRows<IIdentifier>;

  constructor(store: IssuerStore) {
    super();
    this.#rows = new JsonRows(store, 'agent-did/');
  }

  async importDID(identifier: IIdentifier): Promise<boolean> {
    await this.#rows.put(identifier.did, identifier);
    return true;
  }

  /** A copy: Veramo adds keys to what it is given before it asks to store it. */
  async getDID({ did, alias }: { did?: string; alias?: string }): Promise<IIdentifier> {
    const one = found(did === undefined ? (await this.#rows.list()).find((known) => known.alias === alias) : await this.#rows.find(did), did ?? String(alias));
    return { ...one, keys: [...one.keys], services: [...one.services] };
  }

  async deleteDID({ did }: { did: string }): Promise<boolean> {
    await this.#rows.delete(did);
    return true;
  }

  async listDIDs({ alias, provider }: { alias?: string; provider?: string }): Promise<IIdentifier[]> {
    const all = await this.#rows.list();
    return all.filter((one) => (alias ?? one.alias) === one.alias && (provider ?? one.provider) === one.provider);
  }
}

interface DidOptions {
  readonly name: string;
  readonly type: string;
  readonly webDid?: Did;
}

type KeyContext = IAgentContext<IKeyManager>;

function providersOf(vault: KeyVault): Record<string, AbstractIdentifierProvider> {
  return {
    'did:web': new IssuerDids(vault, (_, { webDid }) => found(webDid, 'webDid'), true),
    'did:key': new KeyDids(vault, didKeyOf, false),
    'did:jwk': new IssuerDids(vault, didJwkOf, false),
  };
}

/** One provider for the three methods: they differ in how the DID is spelt, and whether it can have more than one key. */
class IssuerDids extends AbstractIdentifierProvider {
  readonly #vault: KeyVault;
  readonly #didOf: (jwk: PublicKeyJwk, options: DidOptions) => Did;
  readonly #takesKeys: boolean;

  constructor(vault: KeyVault, didOf: (jwk: PublicKeyJwk, options: DidOptions) => Did, takesKeys: boolean) {
    super();
    this.#vault = vault;
    this.#didOf = didOf;
    this.#takesKeys = takesKeys;
  }

  async createIdentifier({ options }: { options?: DidOptions }, { agent }: KeyContext): Promise<Omit<IIdentifier, 'provider'>> {
    const wanted = found(options, 'options');
    const key = await agent.keyManagerCreate({ kms: KMS, type: wanted.type, kid: wanted.name });
    const { publicKeyJwk } = await this.#vault.publicHalf(wanted.name);
    return { did: this.#didOf(publicKeyJwk, wanted), controllerKeyId: key.kid, keys: [key], services: [] };
  }

  async addKey(): Promise<boolean> {
    if (!this.#takesKeys) throw notSupported('the key is in the DID itself');
    return true;
  }

  async updateIdentifier(): Promise<IIdentifier> {
    throw notSupported('documents are made from the keys');
  }

  async deleteIdentifier(): Promise<boolean> {
    throw notSupported('what a DID signed must stay checkable');
  }

  async removeKey(): Promise<boolean> {
    throw notSupported('what a key signed must stay checkable');
  }

  async addService(): Promise<boolean> {
    throw notSupported('these DIDs have no services');
  }

  async removeService(): Promise<boolean> {
    throw notSupported('these DIDs have no services');
  }
}

/** `did:key` of Ed25519 as Veramo makes it, of a key from our vault; of P-256 as above, for which Veramo's would make an Ed25519 key. */
class KeyDids extends IssuerDids {
  readonly #ofVeramo = new KeyDIDProvider({ defaultKms: KMS });

  override async createIdentifier({ options }: { options?: DidOptions }, context: KeyContext): Promise<Omit<IIdentifier, 'provider'>> {
    const wanted = found(options, 'options');
    if (wanted.type !== KEY_TYPE.EdDSA) return super.createIdentifier({ options: wanted }, context);
    const { kid } = await context.agent.keyManagerCreate({ kms: KMS, type: wanted.type, kid: wanted.name });
    return this.#ofVeramo.createIdentifier({ kms: KMS, options: { keyRef: kid } }, context);
  }
}

/**
 * Credentials of data model 1.1 as canonical JWTs with `kid`; it issues and does nothing else. It asks the key manager and the
 * DIDs themselves: by way of the agent, each answer would be written out as JSON for a log that is never kept.
 */
class CanonicalJwtProvider implements ICredentialProvider {
  readonly #dids: DidRows;
  readonly #keys: Pick<KeyManager, 'keyManagerSign'>;

  constructor(dids: DidRows, keys: Pick<KeyManager, 'keyManagerSign'>) {
    this.#dids = dids;
    this.#keys = keys;
  }

  getProofFormatsSupportedForKey({ type }: IKey): string[] {
    return type === KEY_TYPE.ES256 || type === KEY_TYPE.EdDSA ? ['jwt'] : [];
  }

  canIssueProofFormat({ proofFormat }: { proofFormat: string }): boolean {
    return proofFormat === 'jwt';
  }

  canVerifyDocumentType(): boolean {
    return false;
  }

  /** @returns the proof, which is the credential: all that it says stands in the JWT */
  async createVerifiableCredential({ credential, keyRef, kid }: Parameters<ICredentialProvider['createVerifiableCredential']>[0]): Promise<VerifiableCredential> {
    const { issuer: did } = credential;
    if (typeof did !== 'string') throw notSupported('the issuer is one DID');
    const key = found((await this.#dids.getDID({ did })).keys.find((one) => one.kid === keyRef), `${did} ${String(keyRef)}`);
    const algorithm = key.type === KEY_TYPE.ES256 ? 'ES256' : 'EdDSA';
    const sign = async (data: string | Uint8Array): Promise<string> => this.#keys.keyManagerSign({ keyRef: key.kid, algorithm, data: data as string, encoding: 'utf-8' });
    const jwt = await encodeCredentialJwt(credential as UnsignedCredential, { did, algorithm, kid: String(kid), sign });
    return { proof: { type: 'JwtProof2020', jwt } } as Partial<VerifiableCredential> as VerifiableCredential;
  }

  async createVerifiablePresentation(): Promise<never> {
    throw notSupported('holders present, issuers do not');
  }

  async verifyCredential(): Promise<never> {
    throw notSupported('verifier/core decides');
  }

  async verifyPresentation(): Promise<never> {
    throw notSupported('verifier/core decides');
  }
}

function notSupported(why: string): Error {
  return new Error(`not_supported: ${why}`);
}
