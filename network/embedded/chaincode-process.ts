/** One chaincode: the real shim with its contracts, spoken to as a peer speaks to it. Transactions run side by side. */
import { peer } from '@hyperledger/fabric-protos';
import { Problem } from '#domain/errors.js';
import { eventOf, notOffered, REQUESTS, requestName } from './chaincode-protocol.js';
import { startChaincode, type ChaincodeStream, type ContractClass, type PeerMessage } from '../shim/fabric-shim-parts.js';
import type { SignedProposal } from './proposal-message.js';
import type { Simulation } from './simulation.js';
import { decodeResponse, type ChaincodeResponse, type ContractEvent } from './transaction-message.js';

const TYPE = peer.ChaincodeMessage.Type;
const EMPTY = Buffer.alloc(0);

/** A contract that asks for thousands of keys must not keep everybody else waiting until it has them all. */
const REPLIES_PER_TURN = 64;

export interface ChaincodeOutcome {
  readonly response: ChaincodeResponse;
  readonly event: ContractEvent | undefined;
}

interface RunningTransaction {
  readonly simulation: Simulation;
  readonly settle: (outcome: ChaincodeOutcome) => void;
  readonly fail: (error: Error) => void;
}

export class ChaincodeProcess {
  readonly #listeners: ((message: PeerMessage) => void)[] = [];
  readonly #running = new Map<string, RunningTransaction>();
  #repliesInARow = 0;

  /**
   * @param name the chaincode's name on the channel, which is also the namespace of its keys
   * @param contracts classes as a peer would load them; the first one is the default contract
   */
  constructor(name: string, contracts: readonly ContractClass[]) {
    const stream: ChaincodeStream = {
      on: (event, listener) => { if (event === 'data') this.#listeners.push(listener); },
      write: (message) => { this.#receive(message); },
      end: () => undefined,
    };
    const opening = new peer.ChaincodeMessage();
    opening.setType(TYPE.REGISTER);
    startChaincode(name, contracts, stream, opening);
  }

  /**
   * Runs one transaction function.
   *
   * @param timeoutMs after this time the transaction fails; what it does later is ignored
   * @throws Error if the contract does not answer in time, Problem LEDGER_RECORD_DAMAGED if a read found damage
   */
  async invoke(proposal: SignedProposal, simulation: Simulation, timeoutMs: number): Promise<ChaincodeOutcome> {
    const { channelId, transactionId } = proposal.header.channel;
    if (this.#running.has(transactionId)) throw new Error(`transaction ${transactionId} is being simulated already`);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ChaincodeOutcome>((settle, fail) => {
        timer = setTimeout(() => { fail(new Error('timeout expired while executing transaction')); }, timeoutMs);
        this.#running.set(transactionId, { simulation, settle, fail });
        this.#send(new OutgoingMessage(TYPE.TRANSACTION, { transactionId, channelId }, proposal.input, proposal));
      });
    } finally {
      clearTimeout(timer);
      this.#running.delete(transactionId);
    }
  }

  #send(message: PeerMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  /** Not at once, or the shim's queue would recurse; and now and then not before others had their turn. */
  #reply(message: PeerMessage): void {
    this.#repliesInARow += 1;
    if (this.#repliesInARow < REPLIES_PER_TURN) {
      queueMicrotask(() => { this.#send(message); });
    } else {
      this.#repliesInARow = 0;
      setImmediate(() => { this.#send(message); });
    }
  }

  #receive(message: peer.ChaincodeMessage): void {
    const to = { transactionId: message.getTxid(), channelId: message.getChannelId() };
    if (message.getType() === TYPE.REGISTER) {
      queueMicrotask(() => {
        this.#send(new OutgoingMessage(TYPE.REGISTERED, to, EMPTY));
        this.#send(new OutgoingMessage(TYPE.READY, to, EMPTY));
      });
      return;
    }
    const running = this.#running.get(to.transactionId);
    if (running === undefined) return; // it ran into its timeout
    if (message.getType() === TYPE.COMPLETED) running.settle({ response: decodeResponse(payloadOf(message)), event: eventOf(message) });
    else if (message.getType() === TYPE.ERROR) running.fail(new Error(payloadOf(message).toString('utf8')));
    else this.#answer(message, running, to);
  }

  #answer(message: peer.ChaincodeMessage, running: RunningTransaction, to: Addressee): void {
    const type = message.getType();
    const refuse = (error: unknown): void => {
      if (error instanceof Problem) running.fail(error); // damage must not become an answer the contract can swallow
      const text = error instanceof Error ? error.message : String(error);
      const words = `${requestName(type)} failed: transaction ID: ${to.transactionId}: ${text}`;
      this.#reply(new OutgoingMessage(TYPE.ERROR, to, Buffer.from(words)));
    };
    const respond = (payload: Buffer): void => { this.#reply(new OutgoingMessage(TYPE.RESPONSE, to, payload)); };
    try {
      const handler = REQUESTS.get(type);
      if (handler === undefined) throw new Error(notOffered(requestName(type)));
      const answer = handler(running.simulation, payloadOf(message));
      if (Buffer.isBuffer(answer)) respond(answer);
      else answer.then(respond, refuse);
    } catch (error) {
      refuse(error);
    }
  }
}

function payloadOf(message: peer.ChaincodeMessage): Buffer {
  const bytes = message.getPayload_asU8();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Addressee {
  readonly transactionId: string;
  readonly channelId: string;
}

/** A message to the shim, without the detour over Protocol Buffers. */
class OutgoingMessage implements PeerMessage {
  readonly #type: number;
  readonly #to: Addressee;
  readonly #payload: Buffer;
  readonly #proposal: SignedProposal | undefined;

  constructor(type: number, to: Addressee, payload: Buffer, proposal?: SignedProposal) {
    this.#type = type;
    this.#to = to;
    this.#payload = payload;
    this.#proposal = proposal;
  }

  getType(): number { return this.#type; }
  getPayload_asU8(): Uint8Array { return this.#payload; }
  getTxid(): string { return this.#to.transactionId; }
  getChannelId(): string { return this.#to.channelId; }
  getChaincodeEvent(): undefined { return undefined; }

  getProposal(): ReturnType<PeerMessage['getProposal']> {
    const proposal = this.#proposal;
    return proposal === undefined ? undefined : { getSignature: () => proposal.signature, getProposalBytes: () => proposal.proposalBytes };
  }
}
