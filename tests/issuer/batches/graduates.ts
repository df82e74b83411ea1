/** A class of an invented university: nobody in it exists. */
import type { DiplomaBatch } from '#domain/credential/diploma-rows.js';
import type { Day } from '#domain/instant.js';
import { parseOrganisationId } from '#domain/registry/organisation.js';
import { parseProvince } from '#domain/registry/provinces.js';

export const CLASS: DiplomaBatch = {
  institution: { organisation: parseOrganisationId('dai-hoc-vi-du'), name: 'Trường Đại học Ví Dụ', nameEn: 'Vi Du University', province: parseProvince('79') },
  assurance: 'native', fictional: 'yes', today: '2026-11-20' as Day,
  defaults: {
    level: 'bachelor', title: 'Bằng cử nhân', titleEn: 'The degree of Bachelor', field: 'Hóa học', fieldEn: 'Chemistry', mode: 'full-time',
    graduationYear: 2026, decisionNumber: '123/QĐ-ĐHVD', issuePlace: 'Thành phố Hồ Chí Minh', issueDate: '2026-06-30' as Day,
  },
};

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ'];
const MIDDLE = ['Thị', 'Văn', 'Hữu', 'Ngọc', 'Thanh', 'Minh', 'Đức'];
const GIVEN = ['Mây', 'An', 'Bình', 'Cường', 'Dũng', 'Hạnh', 'Khánh', 'Linh', 'Nga', 'Phúc', 'Quỳnh', 'Sơn', 'Tuyết'];
const CLASSES = ['Xuất sắc', 'Giỏi', 'Khá', 'Trung bình'];

const HEADINGS = ['STT', 'Họ và tên', 'Ngày sinh', 'Số hiệu', 'Số vào sổ', 'Xếp loại'];

const picked = (from: readonly string[], at: number): string => from[at % from.length] ?? '';

/** Rows of a class: number, name, day of birth, both numbers, classification. */
export function graduates(count: number): string[][] {
  return Array.from({ length: count }, (_, at) => [
    String(at + 1), `${picked(FAMILY, at)} ${picked(MIDDLE, at * 3)} ${picked(GIVEN, at * 7)}`, `${String((at % 28) + 1).padStart(2, '0')}/${String((at % 12) + 1).padStart(2, '0')}/2004`,
    `VD ${String(at + 1).padStart(7, '0')}`, `${at + 1}/2026/ĐHVD`, picked(CLASSES, at),
  ]);
}

/** The same as a file. */
export function classFile(count: number, mend: (row: string[], at: number) => string[] = (row) => row): Buffer {
  return Buffer.from([HEADINGS, ...graduates(count).map(mend)].map((row) => row.join(';')).join('\r\n'));
}
