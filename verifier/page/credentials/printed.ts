/** The script of the page of a printed credential. HTML from the server is complete; this adds a second opinion and the name. */
import { bandView } from '../proof-view.js';
import { platform } from './platform.js';
import { checkPrinted } from './printed-page.js';
import { keyIn } from './sealed-name.js';

const band = bandView();
const place = document.getElementById('own-check');
const key = takeKey();
if (band !== undefined && place !== null) void checkPrinted({ ...platform(), band, place, key });

/** Out of the address bar and the history, before anything is asked for. */
function takeKey(): string | undefined {
  const { hash, pathname, search } = location;
  if (hash !== '') history.replaceState(null, '', pathname + search);
  return keyIn(hash);
}
