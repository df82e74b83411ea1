/** The contracts on the real embedded ledger, called through the gateway's own port by enrolled identities. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '#domain/access.js';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import { CHAINCODE, CHANNEL, type TransactionName } from '#domain/transactions.js';
import { contracts } from '../../chaincode/index.js';
import type { LedgerIdentity, SubmitAnswer } from '../../gateway/ledger/ledger.js';
import { openLedger, type GatewayLedger } from '../../gateway/ledger/open-ledger.js';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import { reader } from './fictional.js';

export class LedgerWorld {
  readonly embedded: EmbeddedLedger;
  readonly ledger: GatewayLedger;
  readonly dir: string;
  readonly #identities = new Map<string, LedgerIdentity>();

  private constructor(embedded: EmbeddedLedger, ledger: GatewayLedger, dir: string) {
    this.embedded = embedded;
    this.ledger = ledger;
    this.dir = dir;
  }

  /** A fresh ledger in a folder of its own. */
  static async open(): Promise<LedgerWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'minhchung-world-'));
    const embedded = await openEmbeddedLedger({
      dir: join(dir, 'ledger'), channel: CHANNEL, chaincodes: { [CHAINCODE]: contracts },
      organisations: ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'],
    });
    const identity = await enrol(embedded, reader);
    const ledger = await openLedger({
      fabric: { peers: [{ mspId: 'OperatorMSP', address: embedded.address }], channel: CHANNEL, chaincode: CHAINCODE, identity },
      outboxDirectory: join(dir, 'outbox'),
      answerWithinMs: 120_000,
    });
    return new LedgerWorld(embedded, ledger, dir);
  }

  /** Submits and waits; the answer of the contract. */
  async call<T = unknown>(caller: Caller, name: TransactionName, request: Json): Promise<T> {
    const answer = await this.submit(caller, name, request);
    if (answer.status !== 'committed') throw new Error(`${name} is ${answer.status}`);
    return JSON.parse(answer.result) as T;
  }

  async submit(caller: Caller, name: TransactionName, request: Json): Promise<SubmitAnswer> {
    return this.ledger.submit(name, [canonicalJson(request)], { identity: await this.identity(caller) });
  }

  async read<T>(name: TransactionName, text: string): Promise<T> {
    return JSON.parse(await this.ledger.evaluate(name, [text])) as T;
  }

  async identity(caller: Caller): Promise<LedgerIdentity> {
    const name = `${caller.msp} ${caller.role} ${caller.organisation}`;
    const known = this.#identities.get(name) ?? await enrol(this.embedded, caller);
    this.#identities.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.embedded.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function enrol(embedded: EmbeddedLedger, caller: Caller): Promise<LedgerIdentity> {
  const identity = await embedded.enrol({
    mspId: caller.msp, commonName: `${caller.organisation}-${caller.role}`, role: 'client',
    attributes: { org: caller.organisation, role: caller.role },
  });
  return { mspId: identity.mspId, certificate: identity.certificatePem, privateKey: identity.privateKeyPem };
}
