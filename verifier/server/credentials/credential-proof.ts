/** The proof in words: what the ledger holds, who signed for it, by which copies this was judged, and how old they are. */
import { STATUS_PURPOSES } from '#domain/credential/status-list.js';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { instantOf } from '#domain/instant.js';
import { commitmentKey } from '#domain/trust/keys.js';
import { credentialCheckName } from '../../core/credential/check-wording.js';
import type { CredentialFacts } from '../../core/credential/credential-verdict.js';
import { showsIssuer } from '../../core/credential/shown-content.js';
import { type Language, type Words, words } from '../../core/goods/language.js';
import { ageText, countText, momentText } from '../../core/goods/number-wording.js';
import { memberText } from '../../core/member-wording.js';
import { type Html, html, isolated } from '../html.js';
import { type Fact, facts as lines, factList, figure, part, row } from '../parts/facts.js';
import type { TrustWorker } from '../trust-worker.js';
import type { CredentialAnswer } from './credential-answer.js';
import { organisationText } from './credential-head.js';
import type { CommitmentFinding } from './known-commitments.js';

const LABELS = {
  heading: words('Bằng chứng', 'Proof'),
  committed: words('Ghi sổ cái lúc', 'On the ledger since'),
  block: words('Khối', 'Block'),
  signedBy: words('Bên xác nhận', 'Confirmed by'),
  embedded: words('Sổ cái này do một đơn vị vận hành, nên chỉ có chữ ký của đơn vị đó.', 'One operator runs this ledger, so the signature is that operator’s alone.'),
  fabric: words('Mỗi tổ chức trên giữ một bản sổ cái riêng và ký độc lập.', 'Each of these organisations keeps its own copy of the ledger and signed by itself.'),
  none: words('Chưa có chữ ký nào của sổ cái xác nhận bản này.', 'No signature of the ledger confirms this one.'),
  ownCheck: words('Máy chủ đã kiểm tra. Khi bật JavaScript, trình duyệt của bạn tự kiểm tra lại.', 'The server has checked. With JavaScript on, your browser checks again by itself.'),
  details: words('Chi tiết kỹ thuật', 'Technical details'),
  register: words('Sổ đăng ký tin cậy', 'Trust registry'),
  lists: words('Danh sách trạng thái', 'Status lists'),
  version: words('bản', 'version'),
  key: words('Khóa ký', 'Signing key'),
  grants: words('Quyền cấp dựa trên', 'Right to issue, by'),
  root: words('Mã ghi sổ', 'Commitment'),
  id: words('Mã bản này', 'Id'),
  download: words('Tải bản cho máy đọc (JSON)', 'Get the answer for machines (JSON)'),
  updated: words('Sổ đăng ký cập nhật', 'Register updated'),
  status: words('trạng thái', 'status'),
  blockAsOf: words('khối', 'block'),
};

export interface CredentialProof {
  readonly answer: CredentialAnswer;
  readonly worker: TrustWorker;
  /** Address of the machine answer, where there is one. */
  readonly machine: string | undefined;
  /** Whether the browser can check this page again. */
  readonly canCheckAgain: boolean;
}

export function credentialProofPart(proof: CredentialProof, language: Language): Html | undefined {
  const ownCheck = proof.canCheckAgain ? html`<p id="own-check">${LABELS.ownCheck[language]}</p>` : undefined;
  return part(LABELS.heading, html`${ledgerPart(proof.answer.commitment, language)}${ownCheck}${technical(proof, language)}`, language);
}

function ledgerPart(commitment: CommitmentFinding | undefined, language: Language): Html {
  if (commitment === undefined || !('proof' in commitment)) return html`<p>${LABELS.none[language]}</p>`;
  const { record, facts: { organisations, reads } } = commitment.proof;
  const block = reads.find(({ key }) => key === commitmentKey(record.root))?.version?.split(':')[0];
  const rows = factList([
    row(LABELS.committed, html`<time datetime="${record.committedAt}">${momentText(record.committedAt, language)}</time>`, language),
    figure(LABELS.block, block === undefined ? undefined : countText(block, language), language),
    lines(LABELS.signedBy, organisations.map((mspId) => memberText(mspId, language)), language),
  ]);
  return html`${rows}<p>${ledgerSentence(commitment.trust)[language]}</p>`;
}

function ledgerSentence({ ledger }: TrustRoots): Words {
  return ledger === 'fabric' ? LABELS.fabric : LABELS.embedded;
}

function technical({ answer, worker, machine }: CredentialProof, language: Language): Html {
  const { judged: { facts, report }, register: { snapshot, view }, now } = answer;
  const isNamed = facts !== undefined && showsIssuer(report);
  const rows = factList([
    worker.isReady ? row(LABELS.register, html`${LABELS.blockAsOf[language]} ${countText(snapshot.height, language)}, <time datetime="${snapshot.knownAt}">${ageText(now - view.knownAt, language)}</time>`, language) : undefined,
    ...(isNamed ? signedRows(facts, answer, worker, language) : []),
  ]);
  const download = machine === undefined ? undefined : html`<p><a href="${machine}">${LABELS.download[language]}</a></p>`;
  return html`<details><summary>${LABELS.details[language]}</summary>${rows}${download}</details>`;
}

const CHECK_OF = { revocation: 'revocation', suspension: 'suspension', refresh: 'supersession' } as const;

function signedRows({ claims, keyId, algorithm }: CredentialFacts, answer: CredentialAnswer, worker: TrustWorker, language: Language): Fact[] {
  const { commitment, judged: { standing } } = answer;
  const versions = STATUS_PURPOSES.map((purpose) => {
    const known = worker.statusOf(claims.status[purpose].list);
    return known && `${credentialCheckName(CHECK_OF[purpose], language)}: ${LABELS.version[language]} ${known.version}, ${ageText(answer.now - known.validFrom, language)}`;
  });
  const grants = (standing?.chain ?? []).map((id) => grantText(id, answer, language));
  return [
    lines(LABELS.lists, versions, language),
    lines(LABELS.grants, grants, language),
    row(LABELS.key, html`<code>${isolated(`${claims.issuer}#${keyId}`)}</code> ${algorithm}`, language),
    row(LABELS.id, html`<code>${claims.id}</code>`, language),
    commitment !== undefined && 'proof' in commitment ? row(LABELS.root, html`<code>${commitment.proof.record.root}</code>`, language) : undefined,
  ];
}

/** e.g. `Bộ Ví Dụ: Quyết định 12/QĐ`. */
function grantText(id: string, { register: { view } }: CredentialAnswer, language: Language): string {
  const grant = view.grant(id);
  const grantor = grant && view.organisation(grant.grantor);
  if (grant === undefined) return id;
  return `${grantor === undefined ? grant.grantor : organisationText(grantor, language)}: ${grant.legalBasis}`;
}

/** How old what it rests on is, in words and exactly; for the band. */
export function credentialAsOf({ judged: { standing }, register: { snapshot, view }, now }: CredentialAnswer, isReady: boolean, language: Language): Html | undefined {
  if (!isReady) return undefined;
  const status = standing?.statusAsOf;
  const lists = status === undefined ? undefined : html` · ${LABELS.status[language]} <time datetime="${instantOf(status)}">${ageText(now - status, language)}</time>`;
  return html`${LABELS.updated[language]} <time datetime="${snapshot.knownAt}">${ageText(now - view.knownAt, language)}</time>${lists} · ${LABELS.blockAsOf[language]} ${countText(snapshot.height, language)}`;
}
