/** The credential side of the public site: made here, handed to `buildVerifier`, which starts and ends it. */
import type { TrustRoots } from '#domain/goods/public-item.js';
import { CredentialMemory } from '../../core/credential/credential-memory.js';
import type { Inflate } from '../../core/credential/status-list.js';
import type { CryptoPort } from '../../core/crypto-port.js';
import { guardedFetch, type GuardedFetch } from '../guarded-fetch.js';
import { nodeInflate } from '../node-inflate.js';
import { TrustWorker } from '../trust-worker.js';
import type { CommitmentSource, PublicCredentials, PublishedSource, TrustSource } from './credential-sources.js';
import type { CredentialScripts } from './credential-scripts.js';
import { type AskIssuer, askOverHttp, publicCredentialsOf, publishedOf } from './issuer-service.js';
import { KnownCommitments } from './known-commitments.js';

export interface CredentialChecksOptions {
  /** Registry and commitments: the gateway's public records in this process, or `httpTrustSource({ gateway })`. */
  readonly ledger: TrustSource & CommitmentSource;
  /** The organisations whose receipts count, as for goods. */
  readonly trust: () => Promise<TrustRoots>;
  readonly issuer: {
    /** As it stands in the addresses of its status lists, e.g. `http://localhost:8082`. */
    readonly origin: string;
    /** The way to it; HTTP to its origin unless stated. */
    readonly ask?: AskIssuer;
  };
  readonly crypto: CryptoPort;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of `loadCredentialScripts`; without them pages work, and browsers do not check for themselves. */
  readonly scripts?: CredentialScripts;
  /** Is told why something could not be had. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds between two rounds of fetching; 3000 unless stated. */
  readonly everyMs?: number;
  /** The way to other issuers; `guardedFetch()` unless stated. */
  readonly outside?: GuardedFetch;
  readonly inflate?: Inflate;
}

export interface CredentialChecks {
  readonly worker: TrustWorker;
  readonly commitments: KnownCommitments;
  readonly memory: CredentialMemory;
  readonly credentials: PublicCredentials;
  readonly trust: () => Promise<TrustRoots>;
  readonly scripts: CredentialScripts | undefined;
}

/** @returns what `buildVerifier` takes as `credentials`; nothing is fetched before it listens, or before `worker.round()` */
export function credentialChecks(options: CredentialChecksOptions): CredentialChecks {
  const { ledger, trust, issuer, crypto, now, scripts, everyMs } = options;
  const onFault = options.onFault ?? ((): void => undefined);
  const ask = issuer.ask ?? askOverHttp(issuer.origin);
  const commitments = new KnownCommitments({ source: ledger, trust, crypto, now, onFault });
  const worker = new TrustWorker({
    trust: followedBy(ledger, () => commitments.followTrust()), published: publishedSource(options, ask),
    issuerOrigin: issuer.origin, crypto, now, onFault, inflate: options.inflate ?? nodeInflate,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
  return { worker, commitments, memory: new CredentialMemory(), credentials: publicCredentialsOf(ask), trust, scripts };
}

function publishedSource({ issuer, outside }: CredentialChecksOptions, ask: AskIssuer): PublishedSource {
  return publishedOf(new URL(issuer.origin).origin, ask, outside ?? guardedFetch());
}

function followedBy(source: TrustSource, then: () => Promise<void>): TrustSource {
  return {
    trustSnapshot: async () => {
      await then();
      return source.trustSnapshot();
    },
  };
}
