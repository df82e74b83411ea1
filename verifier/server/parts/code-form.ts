/** The form in which a code is typed or pasted; works without script. */
import { type Language, words } from '../../core/goods/language.js';
import { type Html, html } from '../html.js';

const LABELS = {
  code: words('Nhập hoặc dán mã', 'Type or paste a code'),
  hint: words('Địa chỉ trong mã QR, dãy số dưới mã vạch, hoặc dòng (01)… (10)… (21)… in trên nhãn.', 'The address in the QR code, the digits under the barcode, or the line (01)… (10)… (21)… printed on the label.'),
  check: words('Kiểm tra', 'Check'),
};

/**
 * @param typed what was typed before, so that nothing is lost when it has to be mended
 * @param error what is wrong with it
 */
export function codeForm(language: Language, typed = '', error?: string): Html {
  const described = error === undefined ? 'code-hint' : 'code-error code-hint';
  return html`<form class="card ask" action="/scan" method="get" role="search"><label for="code">${LABELS.code[language]}</label><p class="soft" id="code-hint">${LABELS.hint[language]}</p>${error === undefined ? undefined : html`<p class="fail" id="code-error">${error}</p>`}<input id="code" name="code" value="${typed}" maxlength="4096" autocomplete="off" autocapitalize="characters" spellcheck="false" required aria-describedby="${described}"${error === undefined ? undefined : html` aria-invalid="true"`}><input type="hidden" name="lang" value="${language}"><button>${LABELS.check[language]}</button></form>`;
}
