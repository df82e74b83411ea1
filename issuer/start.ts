/** Opens everything the issuer needs, in order, and closes it in the reverse one. */
import type { FastifyInstance } from 'fastify';
import { buildIssuer, type AddRoutes } from './app.js';
import { finishWork, keepFinishing } from './background.js';
import { Callers } from './callers.js';
import type { IssuerSettings } from './config.js';
import { CredentialRows } from './credentials/credential-rows.js';
import { DiplomaNumbers } from './credentials/diploma-numbers.js';
import { EnterpriseNumbers } from './credentials/enterprise-numbers.js';
import { Issuing } from './credentials/issuing.js';
import { Settling, type Step } from './credentials/settling.js';
import { StatusDesk } from './credentials/status-desk.js';
import { didDocument } from './dids/did-document.js';
import { DidKeeper } from './dids/did-keeper.js';
import { DidRows } from './dids/did-rows.js';
import { InTurn } from './in-turn.js';
import { IssueClock } from './issue-clock.js';
import { KeyVault } from './keys/key-vault.js';
import type { GatewayApi } from './ledger/gateway-api.js';
import { StandingKeys } from './ledger/standing-keys.js';
import { TrustCopy } from './ledger/trust-copy.js';
import { TrustLedger } from './ledger/trust-ledger.js';
import { PublicCredentials } from './public/public-credentials.js';
import { RevealLimit } from './public/reveal-limit.js';
import { systemChance, type Chance } from './random-names.js';
import type { IssuerServices } from './services.js';
import { ListSets } from './status/list-sets.js';
import { StatusLists } from './status/status-lists.js';
import { openIssuerStore, type IssuerStore } from './store/issuer-store.js';
import { buildAgent, type IssuerAgent } from './veramo-agent.js';

export interface StartIssuerOptions {
  /** The gateway's own HTTP API: over the network, or injected into its application in this process. */
  readonly gateway: GatewayApi;
  /** milliseconds since 1970 */
  readonly now?: () => number;
  readonly chance?: Chance;
  /** Told once, at the first disk error: time to stop the program. */
  readonly onFailure?: (error: Error) => void;
  /** Told when a step of an issuance is on the disk: where a test kills the program. */
  readonly atStep?: (step: Step) => void;
  /** Routes of other parts of the issuer, made with what is opened here. */
  readonly more?: (parts: IssuerParts) => readonly AddRoutes[];
  /** False: nothing is finished in the background but when {@link Issuer.finish} is called. */
  readonly background?: boolean;
}

/** Everything that is opened, for parts of the issuer that have routes of their own. */
export interface IssuerParts extends IssuerServices {
  readonly agent: IssuerAgent;
  readonly ledger: TrustLedger;
  readonly standing: StandingKeys;
  readonly trust: TrustCopy;
  readonly clock: IssueClock;
  readonly sets: ListSets;
  readonly chance: Chance;
}

export interface Issuer {
  /** Built and ready; not listening. */
  readonly app: FastifyInstance;
  readonly parts: IssuerParts;
  /** Tries to finish what is begun. @returns how much is left */
  finish(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the issuer's data and builds its application.
 *
 * @param settings from `loadIssuerConfig`
 * @throws Problem STORE_…, KEY_FILE_…, ISSUER_DATA_DAMAGED
 */
export async function startIssuer(settings: IssuerSettings, options: StartIssuerOptions): Promise<Issuer> {
  const store = await openIssuerStore({ folder: settings.dataFolder, keyFile: settings.keyFile, ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }) });
  try {
    const parts = await openParts(settings, options, store);
    const app = await buildIssuer(parts, options.more?.(parts));
    const stop = options.background === false ? async (): Promise<void> => undefined : keepFinishing(parts, app.log);
    const close = async (): Promise<void> => {
      await app.close();
      await stop();
      await store.close();
    };
    return { app, parts, finish: async () => finishWork(parts, app.log), close };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openParts(settings: IssuerSettings, options: StartIssuerOptions, store: IssuerStore): Promise<IssuerParts> {
  const { gateway, now = () => Date.now(), chance = systemChance, atStep = () => undefined } = options;
  const { origin } = settings;
  const ledger = new TrustLedger(gateway);
  const callers = new Callers(ledger, now);
  const standing = new StandingKeys(store, async (key) => (await callers.identify(`Bearer ${key}`)).scopes);
  const [turns, trust] = [new InTurn(), new TrustCopy(ledger, now)];
  const dids = await DidRows.open(store);
  const agent = openAgent(store, dids);
  const sets = await ListSets.open(store, chance, settings.listCapacity);
  const lists = await StatusLists.open({ store, sets, dids, agent, ledger, standing, turns, clock: trust, now, origin, refreshMs: settings.listRefreshMs });
  const clock = await IssueClock.open(store, trust, now);
  const [rows, numbers] = [new CredentialRows(store), new DiplomaNumbers(store)];
  const enterprises = new EnterpriseNumbers({ store, rows, turns });
  const settling = new Settling({ store, rows, numbers, dids, agent, ledger, standing, lists, turns, now, atStep });
  return {
    settings, store, callers, now, dids, rows, numbers, settling, lists, agent, ledger, standing, trust, clock, sets, turns, chance,
    keeper: new DidKeeper({ agent, rows: dids, ledger, turns, chance, now, origin }),
    issuing: new Issuing({ store, rows, numbers, enterprises, dids, sets, lists, trust, ledger, clock, standing, settling, turns, chance, atStep }),
    desk: new StatusDesk({ store, rows, numbers, dids, lists, ledger, trust, standing, settling, now }),
    publicCredentials: new PublicCredentials({ rows, chance, limit: new RevealLimit(settings.revealsPerHour, now) }),
  };
}

/** The agent resolves the DIDs that are held here, and no others: it fetches nothing. */
function openAgent(store: IssuerStore, dids: DidRows): IssuerAgent {
  return buildAgent({
    store, vault: new KeyVault(store),
    documentOf: async (did) => {
      const held = dids.find(did);
      return held === undefined ? undefined : didDocument(held);
    },
  });
}
