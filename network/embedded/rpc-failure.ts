/** gRPC errors shaped like those of Fabric's gateway, so that clients raise the same errors on both ledgers. */
import { Metadata, status } from '@grpc/grpc-js';
import { Problem } from '#domain/errors.js';
import { MessageWriter } from './wire-format.js';

/** What went wrong at one endpoint (`gateway.ErrorDetail`). */
export interface ErrorDetail {
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** An answer that is an error; thrown anywhere, sent by the services. */
export class RpcFailure extends Error {
  readonly code: number;
  readonly details: readonly ErrorDetail[];

  constructor(code: number, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.name = 'RpcFailure';
    this.code = code;
    this.details = details;
  }
}

/** The form grpc-js sends. */
export interface ServiceFailure {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Refusals of the ledger itself; anything else is a bug of ours and says nothing more. */
export function serviceFailure(error: unknown): ServiceFailure {
  const failure = asRpcFailure(error);
  return { code: failure.code, details: failure.message, metadata: statusDetails(failure) };
}

function asRpcFailure(error: unknown): RpcFailure {
  if (error instanceof RpcFailure) return error;
  if (!(error instanceof Problem)) return new RpcFailure(status.INTERNAL, `internal error of the embedded ledger: ${error instanceof Error ? error.message : String(error)}`);
  return new RpcFailure(error.code === 'LEDGER_RECORD_DAMAGED' ? status.DATA_LOSS : status.UNAVAILABLE, error.message);
}

/** `google.rpc.Status` with one `gateway.ErrorDetail` per endpoint, in the trailer gRPC has for it. */
function statusDetails(failure: RpcFailure): Metadata {
  const metadata = new Metadata();
  if (failure.details.length === 0) return metadata;
  const message = new MessageWriter().number(1, failure.code).text(2, failure.message);
  for (const { address, mspId, message: text } of failure.details) {
    const detail = new MessageWriter().text(1, address).text(2, mspId).text(3, text);
    message.message(3, new MessageWriter().text(1, 'type.googleapis.com/gateway.ErrorDetail').message(2, detail));
  }
  metadata.set('grpc-status-details-bin', message.finish());
  return metadata;
}
