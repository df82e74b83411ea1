/** The page of a printed credential: the browser's second opinion, and the name for whoever holds the paper. */
import { publicCredentialId } from '#domain/credential/reveal.js';
import { epochMs, type Instant } from '#domain/instant.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { credentialBand, CREDENTIAL_TONES } from '../../core/credential/band.js';
import { NOT_REACHED } from '../../core/credential/credential-report.js';
import { withDisclosures } from '../../core/credential/with-disclosures.js';
import type { Language } from '../../core/goods/language.js';
import { ageText } from '../../core/goods/number-wording.js';
import { readTrust } from '../claimed-answer.js';
import { disagreementBand } from '../own-words.js';
import { pinnedTrust, pinTrust } from '../pinned-trust.js';
import { type BandView, setBand, showChangedRoots, showRoots } from '../proof-view.js';
import { trustText } from '../../core/goods/trust-fingerprint.js';
import { type Finding, FINDINGS, PRINTED, SAID } from './credential-words.js';
import { fetchedCopies } from './fetched-copies.js';
import { showName, showWrongKey } from './holder-view.js';
import { element } from './markup.js';
import { judgeHere, type OwnJudgement } from './own-judgement.js';
import type { Platform } from './platform.js';
import { openSealed } from './sealed-name.js';

export interface PrintedPage extends Platform {
  readonly band: BandView;
  /** Where the finding is said. */
  readonly place: HTMLElement;
  /** Of the fragment with which the page was opened. */
  readonly key: string | undefined;
}

/** The server's answer for machines, as far as it is needed before anything is proven. */
interface Claimed {
  readonly text: string;
  readonly sealed: string | undefined;
  readonly state: string;
  /** Words for the state; they count only where the state is this browser's too. */
  readonly words: { readonly title: string; readonly instruction: string };
  readonly report: string;
  readonly checkedAt: number;
  readonly trust: TrustRoots | undefined;
}

/** Two honest clocks are not further apart. */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

export async function checkPrinted(page: PrintedPage): Promise<void> {
  try {
    const found = await secondOpinion(page);
    const { judgement, claimed } = found;
    show(found, page);
    await followRoots(judgement, claimed, page);
    if (page.key !== undefined) await showHolder(claimed, judgement, page.key, page);
  } catch (error) {
    page.place.textContent = FINDINGS['could-not-check'][page.language];
    page.place.dataset['finding'] = 'could-not-check';
    throw error; // seen by whoever looks at the console; the reader has been told
  }
}

interface Opinion {
  readonly finding: Finding;
  readonly judgement: OwnJudgement;
  readonly claimed: Claimed;
  readonly now: number;
  readonly clockIsOff: boolean;
}

/** Asked a second time before it is called a quarrel: something may have changed between two questions. */
async function secondOpinion(page: PrintedPage): Promise<Opinion> {
  const first = await opinion(page);
  return first.finding === 'disagrees' ? opinion(page) : first;
}

async function opinion(page: PrintedPage): Promise<Opinion> {
  const claimed = await fetchClaimed(page.language);
  const clockIsOff = Math.abs(Date.now() - claimed.checkedAt) > CLOCK_TOLERANCE_MS;
  const now = clockIsOff ? claimed.checkedAt : Date.now();
  const pinned = pinnedTrust(page.memory);
  const judgement = await judgeHere(claimed.text, { copies: fetchedCopies, crypto: page.crypto, inflate: page.inflate, now, pinned });
  return { finding: findingOf(judgement, claimed), judgement, claimed, now, clockIsOff };
}

/** Reports are compared as texts: the same checks in the same order with the same outcomes. */
function findingOf({ judged: { report, standing } }: OwnJudgement, claimed: Claimed): Finding {
  if (report.signature.result === 'unknown' && report.signature.code === 'CRYPTO_UNAVAILABLE') return 'could-not-check';
  if (JSON.stringify(report) !== claimed.report || credentialBand(report, standing) !== claimed.state) return 'disagrees';
  return claimed.state === document.getElementById('band')?.dataset['state'] ? 'agrees' : 'changed';
}

async function fetchClaimed(language: Language): Promise<Claimed> {
  const id = publicCredentialId(location.pathname.split('/')[2]);
  const response = await fetch(`/c/${id}?lang=${language}`, { headers: { accept: 'application/json' }, cache: 'no-store' });
  const answer = await response.json() as Readonly<Record<string, unknown>>;
  const { record, band, checkedAt } = answer as { record?: { text?: unknown; sealed?: unknown }; band?: { state?: unknown; title?: unknown; instruction?: unknown }; checkedAt?: unknown };
  if (typeof record?.text !== 'string' || typeof band?.state !== 'string' || typeof checkedAt !== 'string') throw new TypeError('not an answer of this site');
  return {
    text: record.text, sealed: typeof record.sealed === 'string' ? record.sealed : undefined,
    state: band.state, words: { title: String(band.title), instruction: String(band.instruction) }, report: JSON.stringify(answer['report']), checkedAt: epochMs(checkedAt as Instant), trust: readTrust(answer['trust']),
  };
}

function show({ finding, judgement: { judged, snapshot }, claimed, now, clockIsOff }: Opinion, { band, place, language }: PrintedPage): void {
  const noCrypto = finding === 'could-not-check' ? [PRINTED.noCrypto] : [];
  const said = [...(noCrypto.length > 0 ? noCrypto : [FINDINGS[finding]]), ...(clockIsOff ? [PRINTED.clock] : [])].map((each) => each[language]);
  place.textContent = `${said.join(' ')} ${SAID.registerAsOf[language]} ${ageText(now - epochMs(snapshot.knownAt), language)}.`;
  place.dataset['finding'] = finding;
  if (finding === 'disagrees') {
    setBand(band, 'danger', disagreementBand(language));
    place.after(element('p', 'soft', differencesOf(judged.report)));
  }
  if (finding === 'changed') setBand(band, CREDENTIAL_TONES[credentialBand(judged.report, judged.standing)], claimed.words);
}

/** What is not as it should be by this browser; codes, for whoever is told of it. */
function differencesOf(report: OwnJudgement['judged']['report']): string {
  return Object.entries(report).flatMap(([name, outcome]) => ('code' in outcome && outcome !== NOT_REACHED ? [`${name}: ${outcome.code}`] : [])).join(', ');
}

/** Roots are remembered only when something was proven under them; others are said aloud. */
async function followRoots({ proof }: OwnJudgement, { trust }: Claimed, { memory, place, crypto, language }: PrintedPage): Promise<void> {
  const pinned = pinnedTrust(memory);
  if (trust === undefined) return;
  if (pinned === undefined && proof !== undefined) showRoots(pinTrust(memory, trust) ? 'remembered' : 'notRemembered', place, language);
  if (pinned === undefined) return;
  if (trustText(pinned) === trustText(trust)) showRoots('same', place, language);
  else await showChangedRoots(trust, crypto, language, () => pinTrust(memory, trust));
}

async function showHolder({ text, sealed }: Claimed, judgement: OwnJudgement, key: string, { subtle, language }: PrintedPage): Promise<void> {
  const out = document.getElementById('holder');
  if (out === null || sealed === undefined || subtle === undefined) return;
  const disclosures = await openSealed(sealed, key, subtle);
  if (disclosures === undefined) return showWrongKey(out, language);
  const { facts, report } = await judgement.again(withDisclosures(text, disclosures));
  showName(out, report, facts?.disclosed ?? {}, language);
  keepKeyForOtherLanguage(key);
}

/** The address bar has lost it: the switch of the language would lose the name. */
function keepKeyForOtherLanguage(key: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.mast a[hreflang]')) link.hash = key;
}
