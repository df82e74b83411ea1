/** One peer: its address, and one gRPC connection that many identities share. */
import { Buffer } from 'node:buffer';
import { Client, credentials, type ChannelCredentials } from '@grpc/grpc-js';

export interface PeerAddress {
  /** the organisation that it belongs to, e.g. `RegulatorMSP` */
  readonly mspId: string;
  /** e.g. `localhost:7051` */
  readonly address: string;
  /** absent: no TLS, as to the embedded ledger on this machine */
  readonly tls?: LedgerTls;
}

export interface LedgerTls {
  /** PEM of the authority that signed the peer's TLS certificate */
  readonly rootCertificate: string;
  /** the name in the peer's certificate, if it is not the address's */
  readonly serverName?: string;
  /** PEM pair, where the peer asks for a client certificate */
  readonly client?: { readonly certificate: string; readonly privateKey: string };
}

/** A peer and the connection to it, which is made when first used, and again whenever it is lost. */
export interface PeerLink {
  readonly peer: PeerAddress;
  readonly client: Client;
}

/** Makes the connection to a peer; nothing is sent yet. */
export function openPeerLink(peer: PeerAddress): PeerLink {
  return { peer, client: new Client(dialAddress(peer), channelCredentials(peer.tls), channelOptions(peer.tls)) };
}

/**
 * Where to dial: with TLS this machine by its name, for Node warns when the name to check is an address (DEP0123).
 *
 * @returns e.g. `localhost:7051` for `127.0.0.1:7051` with TLS
 */
export function dialAddress({ address, tls }: Pick<PeerAddress, 'address' | 'tls'>): string {
  return tls === undefined ? address : address.replace(/^(127\.0\.0\.1|\[::1\])(?=:)/, 'localhost');
}

function channelCredentials(tls: LedgerTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  return credentials.createSsl(pem(tls.rootCertificate), pem(tls.client?.privateKey), pem(tls.client?.certificate));
}

function pem(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}

/**
 * No limit to message sizes: an endorsed batch holds its arguments and its write set, beyond gRPC's 4 MB. Keepalive
 * ends a link that has died silently, no more often than peers allow (60 s).
 */
function channelOptions(tls: LedgerTls | undefined): Record<string, string | number> {
  return {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': 120_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    'grpc.use_local_subchannel_pool': 1,
    ...(tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName }),
  };
}
