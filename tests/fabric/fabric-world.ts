/** The contracts on a Fabric network, called through the gateway's own port by enrolled identities. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { TransactionName } from '#domain/transactions.js';
import type { LedgerIdentity, SubmitAnswer } from '../../gateway/ledger/ledger.js';
import { openFabric } from '../../gateway/ledger/open-fabric.js';
import { openLedger, type GatewayLedger } from '../../gateway/ledger/open-ledger.js';
import type { OpenedLedger } from '../../gateway/ledger/opened-ledger.js';
import type { PeerAddress } from '../../gateway/ledger/peer-link.js';
import type { ContractWorld } from '../support/contract-world.js';
import { foundRegistry, openTeaLot, reader } from '../support/fictional.js';

export interface WorldWish {
  /** path of `connection.json` */
  readonly connection: string;
  /** whose peers are asked first */
  readonly organisation?: string;
  /** where a peer is reached instead, e.g. through a proxy */
  readonly through?: (peer: PeerAddress, index: number) => PeerAddress;
  /** name under which the contracts were committed, if it is not the usual one */
  readonly chaincode?: string;
  /** milliseconds after which a caller is answered `pending` */
  readonly answerWithinMs?: number;
}

/** The lot whose serials the tests make. */
export const LOT = 'L26-001';

const LONGEST_ANSWER_MS = 120_000;

export class FabricWorld {
  readonly ledger: GatewayLedger;
  /** what the gateway connects with: every peer, directly */
  readonly opened: OpenedLedger;
  readonly #dir: string;
  readonly #identities = new Map<string, Promise<LedgerIdentity>>();

  private constructor(ledger: GatewayLedger, opened: OpenedLedger, dir: string) {
    this.ledger = ledger;
    this.opened = opened;
    this.#dir = dir;
  }

  static async open({ connection, organisation = 'RegulatorMSP', through = (peer) => peer, chaincode, answerWithinMs = LONGEST_ANSWER_MS }: WorldWish): Promise<FabricWorld> {
    const opened = await openFabric({ file: connection, organisation });
    const dir = await mkdtemp(join(tmpdir(), 'minhchung-outbox-'));
    const fabric = { ...opened.connection, ...(chaincode === undefined ? {} : { chaincode }), peers: opened.connection.peers.map(through), identity: await enrol(opened, { ...reader, msp: organisation }) };
    const ledger = await openLedger({ fabric, outboxDirectory: dir, answerWithinMs });
    return new FabricWorld(ledger, opened, dir);
  }

  /** Registers fictional enterprises, and opens the lot of tea. */
  async found(): Promise<void> {
    const world = { call: this.call.bind(this), read: () => undefined } as unknown as ContractWorld;
    await foundRegistry(world);
    await openTeaLot(world, LOT);
  }

  /** Submits and waits; the answer of the contract. */
  async call<T = unknown>(caller: Caller, name: TransactionName, request: Json): Promise<T> {
    const answer = await this.submit(caller, name, request);
    if (answer.status !== 'committed') throw new Error(`${name} is ${answer.status}`);
    return JSON.parse(answer.result) as T;
  }

  /** @param key by which it can be repeated */
  async submit(caller: Caller, name: TransactionName, request: Json, key?: string): Promise<SubmitAnswer> {
    const body = canonicalJson(request);
    const idempotency = key === undefined ? {} : { idempotency: { principal: caller.organisation, key, body } };
    return this.ledger.submit(name, [body], { identity: await this.identity(caller), ...idempotency });
  }

  async identity(caller: Caller): Promise<LedgerIdentity> {
    const name = `${caller.msp} ${caller.role} ${caller.organisation}`;
    const known = this.#identities.get(name) ?? enrol(this.opened, caller);
    this.#identities.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await rm(this.#dir, { recursive: true });
  }
}

async function enrol(opened: OpenedLedger, caller: Caller): Promise<LedgerIdentity> {
  return opened.enrol({ mspId: caller.msp, commonName: `${caller.organisation}-${caller.role}`, attributes: { org: caller.organisation, role: caller.role } });
}
