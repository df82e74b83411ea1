/** One credential of each type, of people and firms that do not exist. */
import { schemaOf, type CredentialClaims } from '#domain/credential/claims.js';
import { chemicalLicence } from '#domain/credential/chemical-licence.js';
import type { CredentialType } from '#domain/credential/credential-type.js';
import { diploma } from '#domain/credential/diploma.js';
import { enterpriseIdentity } from '#domain/credential/enterprise-identity.js';
import { parseDid } from '#domain/trust/did.js';

/** 2026-11-20T08:30:00Z */
export const ISSUED_AT = 1_795_163_400;
/** 2031-11-20T17:00:00Z, midnight in Viet Nam */
export const EXPIRES = 1_952_960_400;

const LISTS = 'https://cap.minhchung.example/status/';

const status = (issuer: string, index: number): CredentialClaims['status'] => ({
  revocation: { list: `${LISTS}${issuer}-thu-hoi-1`, index },
  suspension: { list: `${LISTS}${issuer}-dinh-chi-1`, index },
  refresh: { list: `${LISTS}${issuer}-thay-the-1`, index },
});

export const IDENTITY_SUBJECT = {
  enterpriseNumber: '9900000001', organisation: 'hoa-chat-ban-mai', name: 'Hóa chất Ban Mai', nameEn: 'Ban Mai Chemicals',
  address: 'KCN Bình Minh, Đồng Nai', province: '75', gs1Prefixes: ['952100'], fictional: 'yes',
} as const;

export const LICENCE_SUBJECT = {
  number: '01/GP-HC',
  authority: { organisation: 'cuc-hoa-chat', name: 'Cục Hóa chất (thử nghiệm)' },
  holder: { organisation: 'hoa-chat-ban-mai', enterpriseNumber: '9900000001', name: 'Hóa chất Ban Mai' },
  lines: [
    { line: '1', substance: 'acetone', least: '5', most: '100', perYear: '1000000', site: { address: 'KCN Bình Minh, Đồng Nai', province: '75' }, group: '2' },
    { line: '2', substance: 'methanol', least: '1', most: '99.9', perYear: '2500.5', site: { address: '12 Phố Mới, Hà Nội', province: '01' }, group: '1' },
  ],
  replaces: { number: '07/GP-HC', credential: 'urn:uuid:5d0c2b8e-3f41-4a9b-8c77-1e2d3c4b5a69' },
  fictional: 'yes',
} as const;

export const DIPLOMA_SUBJECT = {
  institution: { organisation: 'dai-hoc-vi-du', name: 'Trường Đại học Ví Dụ', nameEn: 'Example University', province: '01' },
  level: 'bachelor', title: 'Bằng cử nhân', titleEn: 'The degree of Bachelor', field: 'Hóa học', fieldEn: 'Chemistry', mode: 'full-time',
  graduationYear: 2026, decisionNumber: '123/QĐ-ĐHVD', issuePlace: 'Hà Nội', issueDate: '2026-06-30', assurance: 'native', fictional: 'yes',
} as const;

/** Five digests: SHA-256 of nothing in particular, sorted. */
export const DIGESTS = [
  'A_P5vOzqSVNYkBM9-3Y0fGQUX7ME5zJ5XwqwfiLHBFM', 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0', 'jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4',
  'nmwvQg6bkIm84T3uMu9oSOjgSX6HVTZXtuC7jTjOJPs', 'uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY',
];

const common = { subject: 'did:web:ban-mai.example', issuedAt: ISSUED_AT, notBefore: ISSUED_AT, digests: [] as readonly string[] } as const;

export const IDENTITY: CredentialClaims<'EnterpriseIdentityCredential'> = {
  ...common, issuer: parseDid('did:web:so-dang-ky.example'), id: 'urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-2f6a3f1b7c4d', type: 'EnterpriseIdentityCredential',
  expires: EXPIRES, status: status('so-dang-ky', 7), subjectClaims: enterpriseIdentity(IDENTITY_SUBJECT), schema: schemaOf('EnterpriseIdentityCredential'),
};

export const LICENCE: CredentialClaims<'ChemicalLicenceCredential'> = {
  ...common, issuer: parseDid('did:web:cuc-hoa-chat.example'), id: 'urn:uuid:a1b2c3d4-0000-4000-8000-00000000000a', type: 'ChemicalLicenceCredential',
  expires: EXPIRES, status: status('cuc-hoa-chat', 131_071), subjectClaims: chemicalLicence(LICENCE_SUBJECT), schema: schemaOf('ChemicalLicenceCredential'),
};

export const DIPLOMA: CredentialClaims<'DiplomaCredential'> = {
  ...common, issuer: parseDid('did:web:dai-hoc.example:vi-du'), subject: 'urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301', id: 'urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
  type: 'DiplomaCredential', status: status('dai-hoc-vi-du', 0), subjectClaims: diploma(DIPLOMA_SUBJECT), digests: DIGESTS, schema: schemaOf('DiplomaCredential'),
};

export const SAMPLES: Readonly<Record<CredentialType, CredentialClaims>> = {
  EnterpriseIdentityCredential: IDENTITY, ChemicalLicenceCredential: LICENCE, DiplomaCredential: DIPLOMA,
};
