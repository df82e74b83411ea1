/** What the reader is told first: the state of the credential, one thing to do, and what the answer does and does not mean. */
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { CredentialType } from '#domain/credential/credential-type.js';
import type { ProblemCode } from '#domain/errors.js';
import { epochMs, instantOf, type Instant } from '#domain/instant.js';
import { words, type Language } from '../goods/language.js';
import { dayText, momentText, vietnamDay } from '../goods/number-wording.js';
import type { CredentialState } from './band.js';
import { CREDENTIAL_CHECKS } from './credential-report.js';
import type { CredentialVerdict } from './credential-verdict.js';
import type { LicenceWord } from './licence-word.js';

/** What some of the sentences name. */
export interface CredentialBandFacts {
  readonly type?: CredentialType;
  /** First second in which it no longer holds. */
  readonly expires?: Instant;
  readonly notBefore?: Instant;
  /** The older of register and status lists, where something hangs on their age. */
  readonly asOf?: Instant;
  /** The outcome that explains `unchecked`. */
  readonly because?: ProblemCode;
  /** What is known by the register of licences alone. */
  readonly licence?: LicenceWord['purpose'];
}

export interface CredentialBandText {
  readonly title: string;
  /** One thing to do. */
  readonly instruction: string;
  readonly means: string;
  /** What somebody could wrongly take it for. */
  readonly doesNotMean: string;
}

type Sentence = (facts: CredentialBandFacts, language: Language) => string;

interface StateWords {
  readonly title: Sentence;
  readonly instruction: Sentence;
  readonly means: Sentence;
  readonly doesNotMean: Sentence;
}

const say = (vi: string, en: string): Sentence => {
  const both = words(vi, en);
  return (_, language) => both[language];
};

/** The facts that the sentences of a state need: only what is signed, and the age of the copies. */
export function credentialBandFacts({ report, facts, standing }: CredentialVerdict): CredentialBandFacts {
  const open = CREDENTIAL_CHECKS.map((name) => report[name]).find(({ result }) => result === 'unknown');
  return {
    ...(facts === undefined ? {} : signedFacts(facts.claims)),
    ...(standing === undefined ? {} : { asOf: instantOf(Math.min(standing.registerAsOf, standing.statusAsOf ?? standing.registerAsOf)) }),
    ...(standing?.licence === undefined ? {} : { licence: standing.licence.purpose }),
    ...(open?.result === 'unknown' ? { because: open.code } : {}),
  };
}

function signedFacts({ type, notBefore, expires }: CredentialClaims): CredentialBandFacts {
  return { type, notBefore: instantOf(notBefore * 1000), ...(expires === undefined ? {} : { expires: instantOf(expires * 1000) }) };
}

/** e.g. ` 31/12/2027`; the last day on which it still held. */
const expiredTitle: Sentence = ({ expires }, language) => {
  const day = expires === undefined ? '' : ` ${dayText(vietnamDay(secondBefore(expires)), language)}`;
  return `${language === 'vi' ? 'Đã hết hạn' : 'Expired'}${day}`;
};

function secondBefore(instant: Instant): Instant {
  return instantOf(epochMs(instant) - 1000);
}

const notYetTitle: Sentence = ({ notBefore }, language) => {
  if (notBefore === undefined) return language === 'vi' ? 'Chưa có hiệu lực' : 'Not in force yet';
  const day = dayText(vietnamDay(notBefore), language);
  return language === 'vi' ? `Có hiệu lực từ ${day}` : `In force from ${day}`;
};

const validTitle = say('Đang có hiệu lực', 'In force');

/** `{}` is where the moment stands. */
const VALID_MEANS = words('Bên cấp đã ký nội dung này, có quyền cấp, đã ghi sổ cái, và tới {} chưa thu hồi, đình chỉ hay thay thế.', 'The issuer signed this content, had the right to issue it and entered it on the ledger; up to {} it had not revoked, suspended or replaced it.');

const validMeans: Sentence = ({ asOf }, language) => VALID_MEANS[language].replace('{}', asOf === undefined ? '' : momentText(asOf, language));

const compareInstruction = say('Hãy so nội dung ở đây với bản bạn cầm, và so giấy tờ tùy thân của người xuất trình.', 'Compare what stands here with the copy you hold, and the papers of the person who shows it.');
const notThePerson = say('Không có nghĩa người trước mặt bạn là người được nêu tên: ai cầm bản sao cũng quét được.', 'It does not mean that the person in front of you is the one named: anybody with a copy can have it scanned.');
const notTheDeed = say('Không có nghĩa việc học hay việc đã làm là không có: chỉ có nghĩa bản này không chứng minh được điều đó.', 'It does not mean that what it tells of never was: only that this copy does not prove it.');
const notTheHolder = say('Không có nghĩa người xuất trình có lỗi: họ có thể không biết.', 'It does not mean that whoever shows it is to blame: they may not know.');
const askIssuer = say('Đừng dựa vào bản này. Hãy hỏi thẳng tổ chức cấp, theo địa chỉ bạn tự tìm.', 'Do not rely on this copy. Ask the issuing organisation, at an address that you find yourself.');

const askAuthority = say('Đừng dựa vào bản này. Hãy hỏi cơ quan quản lý loại văn bằng, chứng thư này.', 'Do not rely on it. Ask the authority for this type of credential.');
const scanAgain = say('Hãy quét hoặc chép lại toàn bộ. Nếu vẫn vậy, đừng dựa vào bản này.', 'Scan it or copy all of it again. If it stays so, do not rely on this copy.');

const REGISTER = words('Theo sổ giấy phép trên sổ cái, giấy phép này không có hiệu lực từ lúc nêu bên dưới.', 'By the ledger’s register of licences, it is of no force from the time named below.');

/** Whose word it is: the register's, where the issuer's lists do not say so. */
const saidBy = (purpose: LicenceWord['purpose'], ofIssuer: Sentence): Sentence => (facts, language) => (facts.licence === purpose ? REGISTER[language] : ofIssuer(facts, language));

const askRevoker = say('Đừng dựa vào bản này. Lý do do nơi đã thu hồi trả lời.', 'Do not rely on it. Whoever revoked it answers for the reason.');

const STALE: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['TRUST_SNAPSHOT_STALE', 'CREDENTIAL_STATUS_STALE', 'STATUS_LIST_EXPIRED']);

const uncheckedInstruction: Sentence = ({ because, asOf }, language) => {
  if (because === 'CREDENTIAL_EVIDENCE_MISSING') return words('Hãy chép lại toàn bộ nội dung, cả phần sau dấu #, rồi kiểm tra lại.', 'Copy the whole text again, with the part behind the # sign, and check it once more.')[language];
  if (because === 'CRYPTO_UNAVAILABLE') return words('Trình duyệt này không kiểm tra được chữ ký. Hãy dùng trình duyệt mới hơn hoặc kiểm tra trên máy chủ.', 'This browser cannot check the signature. Use a newer one, or check on the server.')[language];
  if (because !== undefined && STALE.has(because)) return staleSince(asOf, language);
  return words('Hãy thử lại sau ít phút. Tới lúc đó đừng coi là đã xác nhận.', 'Try again in a few minutes. Until then take nothing as confirmed.')[language];
};

const STALE_SINCE = words('Dữ liệu ở đây chỉ tới{}. Hãy kiểm tra lại khi có mạng.', 'The data here ends at{}. Check again when you are online.');

function staleSince(asOf: Instant | undefined, language: Language): string {
  return STALE_SINCE[language].replace('{}', asOf === undefined ? '' : ` ${momentText(asOf, language)}`);
}

const WORDS: Readonly<Record<CredentialState, StateWords>> = {
  malformed: {
    title: say('Không đọc được', 'Cannot be read'),
    instruction: scanAgain,
    means: say('Nội dung không phải văn bằng, chứng thư theo quy cách của hệ thống này.', 'The text is not a credential in the form of this system.'),
    doesNotMean: say('Không có nghĩa bản giấy sai: mã có thể bị nhòe, hoặc nội dung bị chép thiếu.', 'It does not mean that the paper is wrong: the code may be smudged, or a part of the text lost in copying.'),
  },
  altered: {
    title: say('Chữ ký không khớp', 'The signature does not fit'),
    instruction: askIssuer,
    means: say('Nội dung đã bị sửa sau khi ký, hoặc người ký không phải bên được nêu tên. Vì vậy ở đây không hiển thị nội dung.', 'The content was changed after signing, or somebody else than the one named signed it. So none of it is shown here.'),
    doesNotMean: notTheDeed,
  },
  'issuer-unknown': {
    title: say('Không rõ bên cấp', 'Issuer not on the register'),
    instruction: askIssuer,
    means: say('Không tổ chức nào trong sổ đăng ký đứng sau chữ ký này. Ai cũng có thể tự ký một nội dung như vậy.', 'No organisation on the register stands behind this signature. Anybody can sign a text like this by themselves.'),
    doesNotMean: notTheDeed,
  },
  'issuer-withdrawn': {
    title: say('Bên cấp đã bị rút khỏi sổ đăng ký', 'Issuer taken off the register'),
    instruction: askAuthority,
    means: say('Sổ đăng ký đã rút bên cấp, tính cả lúc cấp bản này.', 'The register has withdrawn the issuer, also for the time when this was issued.'),
    doesNotMean: notTheHolder,
  },
  'issuer-differs': {
    title: say('Bên ký không phải bên được nêu', 'Signed by another organisation'),
    instruction: askIssuer,
    means: say('Nội dung nêu một tổ chức cấp, nhưng chữ ký là của tổ chức khác.', 'The content names one organisation as its issuer, and the signature is another’s.'),
    doesNotMean: notTheDeed,
  },
  'key-compromised': {
    title: say('Khóa ký đã bị lộ', 'Signing key compromised'),
    instruction: askIssuer,
    means: say('Bên cấp báo khóa này đã lọt vào tay người khác, và sổ cái không chứng minh được bản này có trước lúc đó.', 'The issuer reported that this key fell into other hands, and the ledger does not prove that this was there before.'),
    doesNotMean: notTheHolder,
  },
  'key-refused': {
    title: say('Khóa ký không có giá trị', 'Signing key not accepted'),
    instruction: askIssuer,
    means: say('Khóa đã ký không phải khóa của bên cấp vào lúc ký.', 'The key that signed was not one of the issuer’s at the time.'),
    doesNotMean: notTheDeed,
  },
  'not-authorised': {
    title: say('Bên cấp không có quyền cấp', 'Issuer had no right to issue it'),
    instruction: askAuthority,
    means: say('Chữ ký đúng là của bên cấp, nhưng lúc cấp họ không được quyền cấp loại này hoặc cho phạm vi này.', 'The signature is the issuer’s, but when it was issued they had no right to issue this type, or for this scope.'),
    doesNotMean: notTheHolder,
  },
  'not-logged': {
    title: say('Không có trong sổ cái', 'Not on the ledger'),
    instruction: askIssuer,
    means: say('Chữ ký khớp, nhưng bên cấp không ghi bản này vào sổ cái như mọi bản họ cấp.', 'The signature fits, but the issuer did not enter this on the ledger as they do with everything they issue.'),
    doesNotMean: notTheHolder,
  },
  'evidence-differs': {
    title: say('Bằng chứng ghi sổ không khớp', 'The proof of its entry does not fit'),
    instruction: scanAgain,
    means: say('Phần sau dấu # không chứng minh được bản này có trong sổ cái.', 'The part behind the # sign does not prove that this stands on the ledger.'),
    doesNotMean: say('Không có nghĩa bên cấp không ghi sổ: phần đó có thể bị chép sai.', 'It does not mean that the issuer did not enter it: that part may have been copied wrongly.'),
  },
  'revoked-by-authority': {
    title: say('Bị cơ quan có quyền thu hồi', 'Revoked by an authority'),
    instruction: askRevoker,
    means: say('Một cơ quan được trao quyền thu hồi loại này đã lấy lại giá trị của bản này; quyết định được ghi trên sổ cái.', 'An authority with the right to revoke this type has taken its force; the decision is recorded on the ledger.'),
    doesNotMean: notTheHolder,
  },
  revoked: {
    title: say('Đã bị thu hồi', 'Revoked'),
    instruction: askRevoker,
    means: saidBy('revocation', say('Tổ chức cấp đã rút lại, không còn giá trị.', 'The issuing organisation has taken it back; it is of no force any more.')),
    doesNotMean: notTheHolder,
  },
  suspended: {
    title: say('Đang bị đình chỉ', 'Suspended'),
    instruction: say('Tạm thời đừng dựa vào bản này; hãy kiểm tra lại sau hoặc hỏi tổ chức cấp.', 'Do not rely on it for now; check again later, or ask the issuing organisation.'),
    means: saidBy('suspension', say('Tổ chức cấp tạm dừng hiệu lực; có thể được khôi phục.', 'The issuing organisation has put it out of force for a time; it may come back.')),
    doesNotMean: say('Không có nghĩa đã bị thu hồi.', 'It does not mean that it is revoked.'),
  },
  superseded: {
    title: say('Đã được thay thế', 'Replaced by a newer one'),
    instruction: say('Hãy đề nghị xuất trình bản mới.', 'Ask to be shown the newer one.'),
    means: saidBy('refresh', say('Tổ chức cấp đã cấp bản mới thay cho bản này, ví dụ để sửa sai sót.', 'The issuing organisation has issued a newer one in place of this, for instance to correct a mistake.')),
    doesNotMean: say('Không có nghĩa điều được chứng nhận đã mất: hãy kiểm tra bản mới.', 'It does not mean that what it tells of is gone: have the newer one checked.'),
  },
  expired: {
    title: expiredTitle,
    instruction: say('Hãy đề nghị xuất trình bản còn hạn.', 'Ask for one that is still in force.'),
    means: say('Chữ ký đúng, nhưng thời hạn ghi trong đó đã qua.', 'The signature is right, but the period that it states is over.'),
    doesNotMean: say('Không có nghĩa đã bị thu hồi: lúc còn hạn nó vẫn có thể đã có giá trị.', 'It does not mean that it was revoked: while it lasted it may have been in force.'),
  },
  'not-yet-valid': {
    title: notYetTitle,
    instruction: say('Hãy kiểm tra lại từ ngày đó. Nếu ngày ở đây lạ, hãy xem đồng hồ của máy.', 'Check again from that day on. If the day looks odd, look at the clock of this device.'),
    means: say('Chữ ký đúng, nhưng thời hạn ghi trong đó chưa bắt đầu.', 'The signature is right, but the period that it states has not begun.'),
    doesNotMean: say('Không có nghĩa có gì sai: hôm nay chưa dùng được.', 'It does not mean that anything is wrong: it cannot be used today.'),
  },
  'disclosures-differ': {
    title: say('Thông tin cá nhân không khớp', 'Personal data do not match'),
    instruction: askIssuer,
    means: say('Họ tên hoặc số kèm theo không phải của văn bằng, chứng thư này; vì vậy không hiển thị ở đây.', 'The name or numbers that came along are not those of this credential; so they are not shown here.'),
    doesNotMean: notTheHolder,
  },
  unchecked: {
    title: say('Chưa kiểm tra được', 'Could not be checked'),
    instruction: uncheckedInstruction,
    means: say('Có mục chưa kiểm tra được; xem “Đã kiểm tra những gì” bên dưới.', 'Something could not be checked; see “What was checked” below.'),
    doesNotMean: say('Không có nghĩa là sai, và cũng không có nghĩa là đúng.', 'It does not mean that anything is wrong, nor that it is right.'),
  },
  valid: { title: validTitle, instruction: compareInstruction, means: validMeans, doesNotMean: notThePerson },
  'valid-once-authorised': {
    title: validTitle,
    instruction: say('Nếu việc quan trọng, hãy hỏi thêm tổ chức cấp hoặc cơ quan quản lý.', 'If much hangs on it, ask the issuing organisation or its authority as well.'),
    means: say('Lúc cấp mọi thứ đều đúng. Sau đó bên cấp mất quyền cấp hoặc báo lộ khóa, nhưng sổ cái chứng minh bản này có trước.', 'Everything was right when it was issued. Since then the issuer lost the right or reported a key as compromised, but the ledger proves that this was there before.'),
    doesNotMean: notThePerson,
  },
};

/**
 * The words of the band.
 *
 * @param state of `credentialBand`
 * @param facts of `credentialBandFacts`
 */
export function credentialBandText(state: CredentialState, facts: CredentialBandFacts, language: Language): CredentialBandText {
  const { title, instruction, means, doesNotMean } = WORDS[state];
  return { title: title(facts, language), instruction: instruction(facts, language), means: means(facts, language), doesNotMean: doesNotMean(facts, language) };
}
