/** What a start prints: addresses, one link with its QR code, one line for each thing to try. */
import { toString as drawQr } from 'qrcode';
import type { CredentialLandmarks } from './credential-story.js';
import type { Landmarks } from './story.js';

export interface Addresses {
  readonly verifier: string;
  readonly gateway: string;
  readonly issuer: string;
  /** Where the data is kept. */
  readonly folder: string;
}

/** @param landmarks of the demonstration; absent for an empty start */
export async function guide(addresses: Addresses, landmarks: Landmarks | undefined): Promise<string> {
  const head = [
    'Minh Chứng',
    '',
    `  tra cứu · verifier    ${addresses.verifier}`,
    `  doanh nghiệp · API    ${addresses.gateway}/docs`,
    `  cấp phát · issuer     ${addresses.issuer}/healthz`,
    `  dữ liệu · data        ${addresses.folder}`,
    '',
  ];
  return [...head, ...(landmarks === undefined ? emptyGuide(addresses) : await demonstrationGuide(addresses, landmarks))].join('\n');
}

function emptyGuide({ folder }: Addresses): string[] {
  return [`Sổ đăng ký đang trống · the register is empty. Operator key: ${folder}/operator-key.txt`, ''];
}

async function demonstrationGuide({ verifier, folder }: Addresses, landmarks: Landmarks): Promise<string[]> {
  const link = `${verifier}${landmarks.onShelf}`;
  return [
    'Một hộp trà trên kệ · a box of tea on the shelf:',
    '',
    await drawQr(link, { type: 'terminal', small: true, errorCorrectionLevel: 'M' }),
    `  ${link}`,
    '',
    'Thử thêm · more to try:',
    line('đã bán · sold', verifier + landmarks.sold),
    line('đang thu hồi · recalled', verifier + landmarks.recalled),
    line('hết hạn · expired', verifier + landmarks.expired),
    line('chưa đưa ra bán · not yet on sale', verifier + landmarks.notYetOnSale),
    line('báo mất · reported stolen', verifier + landmarks.stolen),
    line('pallet', verifier + landmarks.pallet),
    line('can axeton · acetone can', verifier + landmarks.can),
    line('mã không có · unknown code', `${verifier}/01/09529999999993`),
    line('sai chữ số kiểm tra · wrong digit', `${verifier}/01/09520000000012`),
    '',
    'Văn bằng và giấy phép · credentials:',
    ...credentialLines(landmarks.credentials),
    '',
    `Khóa API · API keys: ${folder}/demonstration.json · the README shows what to do with them.`,
    '',
  ];
}

/** Words and the link to try them with. */
const line = (words: string, link: string): string => `  ${words.padEnd(34)} ${link}`;

/** Whole links: what stands behind the `#` opens the name, and only whoever holds the paper has it. */
function credentialLines(credentials: CredentialLandmarks): string[] {
  return [
    line('văn bằng · diploma', credentials.diploma),
    line('đã được thay thế · superseded', credentials.supersededDiploma),
    line('bản thay thế · its correction', credentials.correctedDiploma),
    line('đã thu hồi · revoked', credentials.revokedDiploma),
    line('tạm đình chỉ · suspended', credentials.suspendedDiploma),
    line('giấy phép hóa chất · licence', credentials.licence),
    line('định danh doanh nghiệp · identity', credentials.identity),
  ];
}
