/** Runs proposals and endorses what came out. Nothing here is ever ordered or written. */
import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { Problem } from '#domain/errors.js';
import type { AccessControl } from './access-control.js';
import type { BlockSigner } from './block.js';
import type { BlockStore, TransactionPlace } from './block-store.js';
import { OPERATOR_MSP } from './channel-config.js';
import type { ChaincodeOutcome, ChaincodeProcess } from './chaincode-process.js';
import type { LevelStore, Snapshot } from './level-store.js';
import { decodeSignedProposal, type SignedProposal } from './proposal-message.js';
import { RpcFailure, type ErrorDetail } from './rpc-failure.js';
import { runTwice } from './simulate-twice.js';
import { Simulation } from './simulation.js';
import { UNPROVEN_ID_CODES } from './transaction-check.js';
import { encodePreparedTransaction, encodeResponse, encodeResponsePayload, type ContractEvent, type Endorsement } from './transaction-message.js';
import { MalformedMessage, type MessageWriter } from './wire-format.js';
import type { WorldState } from './world-state.js';

const CHAINCODE_ERROR_STATUS = 400;
/** After these a peer would not be asked again, so the gateway passes the message on as its own. */
const FINAL_CODES: ReadonlySet<number> = new Set([status.UNKNOWN, status.FAILED_PRECONDITION]);
const EMPTY = Buffer.alloc(0);

/** A chaincode built into the peer: reads the chain, writes nothing. */
export interface SystemChaincode {
  /** @returns the payload; @throws Error whose message becomes a response with status 500 */
  invoke(proposal: SignedProposal): Buffer;
}

export interface EndorserParts {
  readonly channel: string;
  readonly address: string;
  readonly access: AccessControl;
  readonly chaincodes: ReadonlyMap<string, ChaincodeProcess>;
  /** Collections of private data, the same for every chaincode. */
  readonly collections: ReadonlySet<string>;
  readonly systemChaincodes: ReadonlyMap<string, SystemChaincode>;
  readonly store: LevelStore;
  readonly state: WorldState;
  readonly blocks: BlockStore;
  readonly signer: BlockSigner;
  /** Told every endorsement made, so that it need not be checked again when the transaction comes back. */
  readonly onEndorsed: (responsePayload: Buffer, endorsement: Endorsement) => void;
  /** Runs every transaction a second time elsewhere, so to speak, and refuses it if anything differs. */
  readonly simulateTwice: boolean;
  readonly timeoutMs: number;
}

interface SimulatedProposal {
  readonly outcome: ChaincodeOutcome;
  readonly readWriteSet: Buffer;
}

export class Endorser {
  readonly #parts: EndorserParts;

  constructor(parts: EndorserParts) {
    this.#parts = parts;
  }

  /** Runs a proposal for its answer alone. @throws RpcFailure in the shape of Fabric's `Evaluate` */
  async evaluate(signedProposal: Buffer): Promise<ChaincodeOutcome['response']> {
    const { outcome } = await this.#process(signedProposal, (code, message, detail) => (FINAL_CODES.has(code)
      ? new RpcFailure(code, `evaluate call to endorser returned error: ${message}`, detail)
      : new RpcFailure(code, 'failed to evaluate transaction, see attached details for more info', detail)));
    return outcome.response;
  }

  /**
   * Runs a proposal and signs the result.
   *
   * @param organisations whose peers the client wants to endorse; none: whose the policy names
   * @returns the envelope for the client to sign
   * @throws RpcFailure in the shape of `Endorse`
   */
  async endorse(signedProposal: Buffer, organisations: readonly string[]): Promise<MessageWriter> {
    this.#assertCanEndorse(signedProposal, organisations);
    const { proposal, outcome, readWriteSet } = await this.#process(signedProposal, (_, __, detail) =>
      new RpcFailure(status.ABORTED, 'failed to endorse transaction, see attached details for more info', detail));
    const responsePayload = encodeResponsePayload(proposal, {
      chaincodeName: proposal.header.channel.chaincodeName, readWriteSet, response: outcome.response, event: outcome.event,
    });
    const { identity } = this.#parts.signer;
    const endorsement = { endorser: identity, signature: this.#parts.signer.sign(Buffer.concat([responsePayload, identity])) };
    this.#parts.onEndorsed(responsePayload, endorsement);
    return encodePreparedTransaction(proposal, responsePayload, endorsement);
  }

  /** Nobody but the operator has a peer here; and no policy says who endorses for a system chaincode, so that the client must. */
  #assertCanEndorse(signedProposal: Buffer, organisations: readonly string[]): void {
    const missing = organisations.filter((mspId) => mspId !== OPERATOR_MSP);
    if (missing.length > 0) throw new RpcFailure(status.UNAVAILABLE, `failed to find any endorsing peers for org(s): ${missing.join(', ')}`);
    const { chaincodeName } = readProposal(signedProposal).header.channel;
    if (organisations.length === 0 && this.#parts.systemChaincodes.has(chaincodeName)) {
      throw new RpcFailure(status.FAILED_PRECONDITION, `no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode ${chaincodeName} in channel ${this.#parts.channel}`);
    }
  }

  async #process(
    signedProposal: Buffer, refuse: (code: number, message: string, detail: ErrorDetail[]) => RpcFailure,
  ): Promise<SimulatedProposal & { proposal: SignedProposal }> {
    const proposal = readProposal(signedProposal);
    const failure = (code: number, error: unknown): RpcFailure => {
      const message = error instanceof Error ? error.message : String(error);
      return refuse(code, message, [{ address: this.#parts.address, mspId: OPERATOR_MSP, message }]);
    };
    try {
      await this.#check(proposal);
    } catch (error) {
      throw error instanceof Problem ? error : failure(status.FAILED_PRECONDITION, error);
    }
    const simulated = await this.#simulate(proposal).catch((error: unknown) => {
      throw error instanceof Problem ? error : failure(status.ABORTED, error);
    });
    const { response } = simulated.outcome;
    if (response.status >= CHAINCODE_ERROR_STATUS) throw failure(status.UNKNOWN, `chaincode response ${response.status}, ${response.message}`);
    return { proposal, ...simulated };
  }

  async #check(proposal: SignedProposal): Promise<void> {
    const { channelId, chaincodeName, transactionId } = proposal.header.channel;
    if (channelId !== this.#parts.channel) throw new Error(`channel '${channelId}' not found`);
    await this.#parts.access.checkProposal(proposal, this.#parts.systemChaincodes.has(chaincodeName));
    if (isUsed(this.#parts.blocks.place(transactionId))) throw new Error(`duplicate transaction found [${transactionId}]`);
  }

  async #simulate(proposal: SignedProposal): Promise<SimulatedProposal> {
    const { chaincodeName } = proposal.header.channel;
    const system = this.#parts.systemChaincodes.get(chaincodeName);
    if (system !== undefined) return { outcome: systemOutcome(system, proposal), readWriteSet: EMPTY };
    const chaincode = this.#parts.chaincodes.get(chaincodeName);
    if (chaincode === undefined) {
      throw new Error(`make sure the chaincode ${chaincodeName} has been successfully defined on channel ${this.#parts.channel} and try again: chaincode ${chaincodeName} not found`);
    }
    const snapshot = this.#parts.store.snapshot();
    try {
      const run = (): Promise<SimulatedProposal> => this.#run(chaincode, proposal, snapshot);
      return await (this.#parts.simulateTwice ? runTwice(run, firstDifferentPart) : run());
    } finally {
      await snapshot.close();
    }
  }

  async #run(chaincode: ChaincodeProcess, proposal: SignedProposal, snapshot: Snapshot): Promise<SimulatedProposal> {
    const simulation = new Simulation(proposal.header.channel.chaincodeName, this.#parts.collections, this.#parts.state, snapshot);
    try {
      const outcome = await chaincode.invoke(proposal, simulation, this.#parts.timeoutMs);
      return { outcome, readWriteSet: simulation.encodedResult() };
    } finally {
      await simulation.close();
    }
  }
}

/** Everything endorsers must agree on; @returns the name of the first part that differs */
function firstDifferentPart(a: SimulatedProposal, b: SimulatedProposal): string | undefined {
  if (!a.readWriteSet.equals(b.readWriteSet)) return 'read-write set';
  if (!encodeResponse(a.outcome.response).finish().equals(encodeResponse(b.outcome.response).finish())) return 'response';
  return sameEvent(a.outcome.event, b.outcome.event) ? undefined : 'event';
}

function sameEvent(a: ContractEvent | undefined, b: ContractEvent | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.name === b.name && a.payload.equals(b.payload);
}

function isUsed(place: TransactionPlace | undefined): boolean {
  return place !== undefined && !UNPROVEN_ID_CODES.has(place.code);
}

function systemOutcome(system: SystemChaincode, proposal: SignedProposal): ChaincodeOutcome {
  try {
    return { response: { status: 200, message: '', payload: system.invoke(proposal) }, event: undefined };
  } catch (error) {
    if (error instanceof Problem) throw error;
    return { response: { status: 500, message: error instanceof Error ? error.message : String(error), payload: EMPTY }, event: undefined };
  }
}

function readProposal(signedProposal: Buffer): SignedProposal {
  try {
    return decodeSignedProposal(signedProposal);
  } catch (error) {
    if (error instanceof MalformedMessage) throw new RpcFailure(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${error.message}`);
    throw error;
  }
}

/** Endorsements made a moment ago, by their hash: a signature of our own need not be verified when it comes back. */
export class RecentEndorsements {
  readonly #digests = new Set<string>();
  readonly #limit: number;

  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  remember(responsePayload: Buffer, endorsement: Endorsement): void {
    if (this.#digests.size >= this.#limit) {
      const [oldest] = this.#digests;
      if (oldest !== undefined) this.#digests.delete(oldest);
    }
    this.#digests.add(digestOf(responsePayload, endorsement));
  }

  has(responsePayload: Buffer, endorsement: Endorsement): boolean {
    return this.#digests.has(digestOf(responsePayload, endorsement));
  }
}

function digestOf(responsePayload: Buffer, { endorser, signature }: Endorsement): string {
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(responsePayload.length, 0);
  lengths.writeUInt32BE(endorser.length, 4);
  return createHash('sha256').update(lengths).update(responsePayload).update(endorser).update(signature).digest('base64');
}
