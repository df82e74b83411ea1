/** The script of the form for pasted credentials: judged on this device first. */
import { pinnedTrust } from '../pinned-trust.js';
import { bandView } from '../proof-view.js';
import { judgePastes } from './paste-page.js';
import { platform } from './platform.js';

const band = bandView();
const form = document.querySelector<HTMLFormElement>('form#paste');
const out = document.getElementById('own-result');
const here = platform();
if (band !== undefined && form !== null && out !== null) judgePastes({ ...here, band, form, out, pinned: pinnedTrust(here.memory) });
