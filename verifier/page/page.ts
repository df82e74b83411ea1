/** The script of the page. HTML from the server is complete; this adds a second opinion and a way to photograph codes. */
import { readAddress } from '../core/goods/address-reader.js';
import type { Language } from '../core/goods/language.js';
import type { ScannedItem } from '../core/goods/scanned-item.js';
import { webCrypto } from '../core/web-crypto.js';
import { type ClaimedAnswer, readClaimedAnswer } from './claimed-answer.js';
import { browserMemory } from './browser-memory.js';
import { offerCamera } from './code-camera.js';
import { type OwnFinding, ownCheck } from './own-check.js';
import { notCheckedHere } from './own-words.js';
import { pinnedTrust, pinTrust } from './pinned-trust.js';
import { type BandView, bandView, showChangedRoots, showFinding, showRoots } from './proof-view.js';

const language: Language = document.documentElement.lang === 'en' ? 'en' : 'vi';
const crypto = webCrypto((globalThis.crypto as Crypto | undefined)?.subtle as unknown as Parameters<typeof webCrypto>[0]);

for (const form of document.querySelectorAll<HTMLFormElement>('form.ask')) offerCamera(form, language);

const band = bandView();
const place = document.getElementById('own-check');
if (band !== undefined && place !== null) void secondOpinion(band, place);

async function secondOpinion(view: BandView, out: HTMLElement): Promise<void> {
  try {
    const claimed = await fetchAnswer();
    const scanned = claimed && scannedAt(claimed);
    if (claimed === undefined || scanned === undefined) throw new TypeError('not an answer of this site');
    await judge(claimed, scanned, view, out);
  } catch (error) {
    out.textContent = notCheckedHere(language);
    out.dataset['finding'] = 'could-not-check';
    throw error; // seen by whoever looks at the console; the reader has been told
  }
}

/** The same address, asked for as data. */
async function fetchAnswer(): Promise<ClaimedAnswer | undefined> {
  const response = await fetch(location.pathname + location.search, { headers: { accept: 'application/json' }, cache: 'no-store' });
  return readClaimedAnswer(await response.json());
}

/** The address bar says what was asked; only typed and compressed codes are taken as the server read them. */
function scannedAt(claimed: ClaimedAnswer): ScannedItem | undefined {
  const mark = claimed.address.indexOf('?');
  const path = mark < 0 ? claimed.address : claimed.address.slice(0, mark);
  return readAddress(location.pathname, location.search) ?? readAddress(path, mark < 0 ? '' : claimed.address.slice(mark));
}

async function judge(claimed: ClaimedAnswer, scanned: ScannedItem, view: BandView, out: HTMLElement): Promise<void> {
  const memory = browserMemory();
  const pinned = pinnedTrust(memory);
  const shown = { state: document.getElementById('band')?.dataset['state'] ?? '', title: view.title.textContent ?? '' };
  const finding = await ownCheck({ claimed, scanned, shown, language, now: Date.now(), pinned, crypto });
  showFinding(finding, view, out, language);
  const { trust } = claimed;
  if (trust === undefined) return;
  if (finding.rootsChanged) await showChangedRoots(trust, crypto, language, () => pinTrust(memory, trust));
  else remember(finding, pinned !== undefined, () => pinTrust(memory, trust), out);
}

/** Roots are remembered only when something was proven under them. */
function remember(finding: OwnFinding, isKnown: boolean, pin: () => boolean, out: HTMLElement): void {
  if (isKnown) showRoots('same', out, language);
  else if (finding.isProven) showRoots(pin() ? 'remembered' : 'notRemembered', out, language);
}
