/** Bodies of those who keep their keys themselves. */
import { Problem } from '#domain/errors.js';
import { object, oneOf, optional, parsedBy, type Shape } from '#domain/shape.js';
import { isTransactionName, TRANSACTIONS, type TransactionName } from '#domain/transactions.js';
import { objectSchema, type JsonSchema, type RequestForm } from './request-form.js';
import { choice } from './schema-parts.js';

const LONGEST_PEM = 10_000;
const LONGEST_SIGNATURE = 200;

const WRITING = Object.entries(TRANSACTIONS).filter(([, rule]) => rule.writes).map(([name]) => name);

/** Several lines, as PEM has them. */
const pem: Shape<string> = parsedBy((value) => {
  if (value.length > LONGEST_PEM) throw new Problem('TEXT_TOO_LONG', { longest: String(LONGEST_PEM) });
  return value;
});

const transaction: Shape<TransactionName> = (value) => {
  if (typeof value !== 'string' || !isTransactionName(value) || !TRANSACTIONS[value].writes) throw new Problem('FIELD_WRONG_VALUE', { expected: 'a transaction that writes, e.g. goods:ship' });
  return value;
};

/** Whatever the contract's own shape will read. */
const request: Shape<Readonly<Record<string, unknown>>> = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('FIELD_WRONG_TYPE', { expected: 'object' });
  return value as Readonly<Record<string, unknown>>;
};

const signature: Shape<string> = parsedBy((value) => {
  if (value.length === 0 || value.length > LONGEST_SIGNATURE) throw new Problem('SIGNATURE_MALFORMED');
  return value;
});

const pemSchema = (description: string): JsonSchema => ({ type: 'string', maxLength: LONGEST_PEM, description });

export const OFFLINE_TRANSACTION = {
  shape: object({ certificate: pem, transaction, request }),
  schema: objectSchema({
    certificate: pemSchema('PEM, made for the key that will sign'), transaction: choice(...WRITING),
    request: { type: 'object', additionalProperties: true, description: 'the request of that transaction, as its own route takes it with what stands in the path' },
  }),
  example: {
    certificate: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n', transaction: 'goods:ship',
    request: { number: 'PX-2026-15', to: 'sieu-thi-sao', items: ['/01/09520000000011/21/7QK2M9ZD4XWA'] },
  },
} as const satisfies RequestForm;

export const SIGNATURE = {
  shape: object({ signature }),
  schema: objectSchema({ signature: { type: 'string', minLength: 1, maxLength: LONGEST_SIGNATURE, description: 'base64 of ECDSA P-256 over SHA-256 of the bytes in "sign": DER, or r and s of 32 bytes each' } }),
  example: { signature: 'MEQCIBv3kYv1c2hlJHt0kcVZc0k5y9i0c1lYl2rP0m4u0aYvAiAx8a8o6n0mQn1qv0m7m9s9m0V0b0c3d3e4f5g6h7i8jw==' },
} as const satisfies RequestForm;

export const OWN_KEY = {
  shape: object({ request: pem, role: optional(oneOf('registrar', 'authority', 'inspector', 'enterprise', 'institution')) }),
  schema: objectSchema(
    { request: pemSchema('certificate request (PKCS #10), PEM, of a P-256 key; only its key counts') },
    { role: { ...choice('registrar', 'authority', 'inspector', 'enterprise', 'institution'), description: 'of those that the organisation has; its first where absent' } },
  ),
  example: { request: '-----BEGIN CERTIFICATE REQUEST-----\nMIH…\n-----END CERTIFICATE REQUEST-----\n', role: 'enterprise' },
} as const satisfies RequestForm;

export const KEY_CUSTODY = {
  shape: object({ keeper: oneOf('own', 'gateway') }),
  schema: objectSchema({ keeper: choice('own', 'gateway') }),
  example: { keeper: 'own' },
} as const satisfies RequestForm;
