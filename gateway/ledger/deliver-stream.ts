/** Fabric's Deliver service with the bytes left as they come: a block is parsed once, by our own reader. */
import { Buffer } from 'node:buffer';
import type { Client, ServiceError } from '@grpc/grpc-js';
import { Problem } from '#domain/errors.js';
import { blockOfDelivery } from './block-reader.js';
import { LedgerFailure } from './ledger.js';
import { WireError } from './protobuf-wire.js';
import { grpcName, retryAfterGrpc } from './retry.js';

export type Delivery = { readonly block: Buffer } | { readonly filtered: Buffer };

/** The failure's code where a peer cannot make the filtered form of a block, because a transaction in it is no message. */
export const UNFILTERABLE = 'INVALID_ARGUMENT';

const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * Blocks as a peer delivers them, until `signal`.
 *
 * @param method `Deliver` for whole blocks, `DeliverFiltered` for ids and codes
 * @param envelope a signed, serialised seek request
 * @throws LedgerFailure (stage `evaluate`) when the link is lost or the peer ends the stream; LEDGER_BLOCK_WRONG
 */
export async function* deliver(client: Client, method: 'Deliver' | 'DeliverFiltered', envelope: Uint8Array, signal: AbortSignal): AsyncGenerator<Delivery> {
  if (signal.aborted) return;
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(`/protos.Deliver/${method}`, asIs, asIs, {});
  const stop = (): void => stream.cancel();
  signal.addEventListener('abort', stop, { once: true });
  // The loop below hears of errors while it runs; cancelling raises one more when nobody listens any longer.
  stream.on('error', () => undefined);
  try {
    stream.write(Buffer.from(envelope));
    for await (const bytes of stream) yield deliveryIn(bytes as Buffer);
    if (!signal.aborted) throw ended(200);
  } catch (error) {
    if (!signal.aborted) throw isServiceError(error) ? lost(error) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    stream.cancel();
  }
}

function deliveryIn(bytes: Buffer): Delivery {
  try {
    const delivery = blockOfDelivery(bytes);
    if ('status' in delivery) throw ended(delivery.status);
    return delivery;
  } catch (error) {
    throw error instanceof WireError ? new Problem('LEDGER_BLOCK_WRONG', { reason: error.message }) : error;
  }
}

/**
 * @param status `common.Status`, in the manner of HTTP: 403 for an identity that may not read the channel, 400 for a block of
 *   which a peer cannot make the filtered form
 */
function ended(status: number): LedgerFailure {
  return new LedgerFailure({ stage: 'evaluate', retry: status === 403 ? 'no' : 'new-id', code: status === 400 ? UNFILTERABLE : 'UNAVAILABLE' }, `the stream of blocks ended with status ${status}`);
}

function lost(error: ServiceError): LedgerFailure {
  return new LedgerFailure({ stage: 'evaluate', retry: retryAfterGrpc('evaluate', error.code), code: grpcName(error.code) }, error.details, error);
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}
