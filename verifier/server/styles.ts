/** The style sheets, inline in every page, so that the first answer needs no second request. */
import { createHash } from 'node:crypto';

/** Colours: every pair on the band has a contrast of 7:1 or more, every other text 4.5:1 or more. */
const TOKENS = `
:root{color-scheme:light dark;--paper:#f5f3ee;--card:#fffefb;--ink:#18222d;--soft:#4d5a67;--rule:#d6d0c3;--accent:#17497f;--band:#dfe3e7;--on:#18222d;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.danger{--band:#8a1616;--on:#fff}
.warning{--band:#f3bf47;--on:#241a02}
.caution{--band:#eadfbd;--on:#2a2410}
.normal{--band:#243f55;--on:#fff}
@media(prefers-color-scheme:dark){
:root{--paper:#11161b;--card:#181f26;--ink:#e8ecef;--soft:#a9b4be;--rule:#35404a;--accent:#93bdee;--band:#2c353e;--on:#f2f4f6}
.danger{--band:#7d1414;--on:#fff}
.warning{--band:#e0ac36;--on:#1f1602}
.caution{--band:#453d22;--on:#fbf4dc}
.normal{--band:#233e54;--on:#fff}}`;

const BASE = `
*{box-sizing:border-box;margin:0;padding:0}
html{font:112.5%/1.5 var(--sans);color:var(--ink);background:var(--paper);text-size-adjust:100%;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
h1,h2{line-height:1.2;text-wrap:balance}
ul,ol{list-style:none}
a,summary{color:var(--accent);text-underline-offset:.18em}
:focus-visible{outline:3px solid;outline-offset:3px;border-radius:4px}
small,.soft,.mast,.asof,dt,td,thead th,.foot{font-size:.89rem}
small,.soft,dt,thead th,.foot{color:var(--soft)}
svg{flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
main{overflow-x:hidden;overflow-x:clip;overflow-clip-margin:8px}
.wrap{width:min(100% - 32px,720px);margin:auto}
code{font:.89rem/1.5 ui-monospace,Menlo,Consolas,monospace}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;

const BAND = `
.top{background:var(--band);color:var(--on)}
.top a{color:inherit;display:flex;align-items:center;gap:8px;min-height:48px;text-decoration:none}
.top a:hover{text-decoration:underline}
.mast{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 16px;border-bottom:1px solid color-mix(in srgb,currentColor 28%,transparent)}
.band{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;padding:16px 0 24px}
.band svg{width:44px;height:44px;margin-top:2px;grid-row:span 2}
.band h1{font-size:1.56rem;line-height:1.15;text-transform:uppercase}
.band p{grid-column:2;max-width:34em}
.band .asof{margin-top:4px}`;

const PARTS = `
.card{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:16px;margin-top:16px}
.notice{border-left:6px solid var(--band)}
.notice h2{font-size:1.11rem}
.notice h2~p,.part>p,details{margin-top:12px}
.item{display:flex;gap:16px;justify-content:space-between}
.item h2{font-size:1.22rem;margin-bottom:8px}
.item img,.blank{flex:none;width:112px;height:112px;object-fit:contain;background:#fff;border:1px solid var(--rule);border-radius:8px}
.blank{display:grid;place-items:center;color:#4d5a67}
.blank svg{width:40px}
.clip{max-height:12em;overflow:hidden}
.part{margin-top:40px}
.part>h2{font-size:1.22rem;padding-bottom:8px;border-bottom:3px double var(--rule)}
dl>div{display:grid;grid-template-columns:minmax(6.5em,34%) 1fr;gap:0 16px;padding:10px 0;border-bottom:1px solid var(--rule)}
.card dl{margin-top:12px}
.card dl>:last-child{border:0;padding-bottom:0}
dt{padding-top:1px}
dd{font-variant-numeric:tabular-nums}
.way{margin:16px 0 0 7px;border-left:2px solid var(--rule)}
.way li{position:relative;padding:0 0 16px 24px}
.way li:last-child{padding:0 0 0 24px}
.way li:before{content:"";position:absolute;left:-8px;top:7px;width:10px;height:10px;border:2px solid var(--soft);border-radius:50%;background:var(--paper)}
.way li:last-child:before{background:currentColor}
.way b,.way span,th small{display:block}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:10px 0;border-bottom:1px solid var(--rule)}
th{font-weight:600}
th small{font-weight:400}
td,th+th{padding-left:16px}
thead th{font-weight:400}
th+th{width:38%}
td svg{width:20px;height:20px;margin-right:6px;vertical-align:-4px}
.fail{font-weight:700}
summary{min-height:44px;padding:10px 0;cursor:pointer}
button{min-height:48px;padding:8px 24px;margin-right:8px;font:inherit;font-weight:650;color:var(--card);background:var(--accent);border:2px solid var(--accent);border-radius:8px}
.foot{padding:48px 0 32px}
.foot p{margin-top:8px}
.foot p:first-child{padding-top:16px;border-top:3px double var(--rule)}
.foot a,.act,.foot bdi{display:inline-block}
.foot a,.act{padding:10px 0;text-wrap:balance}`;

const FORM = `
.list li{padding:6px 0 6px 20px;position:relative}
.list li:before{content:"–";position:absolute;left:0;color:var(--soft)}
.ask label{font-weight:650;font-size:1.11rem}
.ask input{width:100%;min-height:52px;margin:8px 0 12px;padding:8px 12px;font:inherit;color:inherit;background:var(--card);border:2px solid var(--soft);border-radius:8px}
.second{color:var(--accent);background:none}
.tell label,legend{font-weight:650}
.tell{padding-top:0}
.tell>p,fieldset{margin-top:24px}
.tell>:first-child{margin-top:0}
.tell .soft,.tell .fail{margin-top:4px}
.tell>input+.soft{margin-top:16px}
.tell .fail{color:var(--bad)}
fieldset{border:0}
.tell .pick{display:flex;gap:12px;align-items:center;min-height:44px;padding:6px 0;line-height:1.3;font-weight:400}
.pick input{flex:none;width:24px;height:24px;accent-color:var(--accent)}
textarea,select,.tell>input{width:100%;min-height:52px;margin-top:8px;padding:8px 12px;font:inherit;color:inherit;background:var(--card);border:2px solid var(--soft);border-radius:8px}
.tell [aria-invalid]{border-color:var(--bad)}
.tell button{margin-top:24px}
.sent p{margin-top:12px}
.sent dl{margin:-6px 0 0}
.sent dl>div{display:block}
.sent bdi{display:inline-block}
.whole{display:inline-block}
:root{--bad:#8a1616}
@media(prefers-color-scheme:dark){:root{--bad:#ff9d94}}`;

const SURROUNDINGS = `
@media(max-width:22em){.item{display:block}.item img,.blank{margin-top:8px}dl>div{display:block}td,th+th{padding-left:8px;width:44%}}
@media(min-width:45em){th+th{width:9em}.band{padding:24px 0 32px}.band h1{font-size:2rem}.band svg{width:56px;height:56px}.card{padding:24px}.item img,.blank{width:144px;height:144px}}
@media(min-width:64em){.wrap{width:1016px}.cols{display:grid;grid-template-columns:640px 1fr;gap:0 48px}.cols>*>:first-child{margin-top:16px}}
@media(forced-colors:active){.top,.card{border:2px solid}}
@media print{html{font-size:9pt}.part{margin-top:16px}dl>div,th,td{padding:4px 0}.ask,summary,[hreflang]{display:none!important}.top{border-bottom:3px solid}.card,.part{break-inside:avoid}.cols{display:block}}`;

/** Of every page. Line ends are for whoever writes the sheet. */
export const STYLES = (TOKENS + BASE + BAND + PARTS + SURROUNDINGS).replaceAll('\n', '');

/** Of pages with a form, besides. */
export const FORM_STYLES = FORM.replaceAll('\n', '');

/** Allows exactly these sheets in the policy: `'sha256-…' 'sha256-…'`. */
export const STYLES_SOURCE = [STYLES, FORM_STYLES].map((sheet) => `'sha256-${createHash('sha256').update(sheet).digest('base64')}'`).join(' ');
