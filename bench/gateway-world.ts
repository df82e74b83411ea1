/** The gateway and the verifier as `main.ts` starts them, in a folder of the bench's own; nothing listens unless asked. */
import type { FastifyInstance } from 'fastify';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Role, TransactionName } from '#domain/transactions.js';
import { contracts } from '../chaincode/index.js';
import { loadConfig } from '../gateway/config.js';
import { startGateway, type Gateway } from '../gateway/start.js';
import { buildVerifier } from '../verifier/server/build-verifier.js';
import { nodeCrypto } from '../verifier/server/node-crypto.js';

export interface Who {
  readonly organisation: OrganisationId;
  readonly role: Role;
}

export class GatewayWorld {
  readonly gateway: Gateway;
  readonly verifier: FastifyInstance;

  private constructor(gateway: Gateway, verifier: FastifyInstance) {
    this.gateway = gateway;
    this.verifier = verifier;
  }

  static async open(folder: string): Promise<GatewayWorld> {
    const settings = loadConfig({ GATEWAY_DATA: folder, GATEWAY_LOG_LEVEL: 'silent', GATEWAY_COMMIT_WITHIN_MS: '60000' });
    const gateway = await startGateway(settings, { contracts });
    const verifier = buildVerifier({
      records: gateway.publicRecords, crypto: nodeCrypto(), now: () => Date.now(),
      origin: 'http://127.0.0.1:8080', operator: { name: 'bench', contact: 'bench' },
    });
    return new GatewayWorld(gateway, verifier);
  }

  async certify(who: Who): Promise<void> {
    await this.gateway.services.identities.identityOf(who.organisation, who.role);
  }

  /** Submits and insists that it is committed. */
  async call(who: Who, name: TransactionName, request: Json): Promise<void> {
    const { ledger, identities } = this.gateway.services;
    const identity = await identities.identityOf(who.organisation, who.role);
    const answer = await ledger.submit(name, [canonicalJson(request)], { identity });
    if (answer.status !== 'committed') throw new Error(`${name} is ${answer.status}`);
  }

  /** Waits until the read model has everything that was written. */
  async settle(): Promise<void> {
    const { model, ledger } = this.gateway.services;
    await model.waitFor(await ledger.height() - 1n);
  }

  async close(): Promise<void> {
    await this.verifier.close();
    await this.gateway.close();
  }
}
