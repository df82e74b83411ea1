/** The institution that a batch is issued by, as the registry on the ledger describes it: never as the upload does. */
import type { Diploma } from '#domain/credential/diploma.js';
import { organisationId, province } from '#domain/registry/organisation.js';
import { oneOf, optional, text } from '#domain/shape.js';
import type { Caller } from '../callers.js';
import { doneOf, membersOf, understood } from '../ledger/gateway-answer.js';
import type { GatewayApi } from '../ledger/gateway-api.js';

export interface Institution {
  readonly institution: Diploma['institution'];
  readonly fictional?: 'yes';
}

const answer = membersOf({
  organisation: membersOf({ id: organisationId, name: text(200), nameEn: optional(text(200)), province, fictional: optional(oneOf('yes')) }),
});

/** @throws Problem what the gateway refuses, LEDGER_UNREACHABLE */
export async function institutionOf(gateway: GatewayApi, { organisation, bearer }: Pick<Caller, 'organisation' | 'bearer'>): Promise<Institution> {
  const { organisation: record } = understood(answer, doneOf(await gateway('GET', `/v1/organisations/${organisation}`, undefined, bearer)));
  const { id, name, nameEn, province: where, fictional } = record;
  return {
    institution: { organisation: id, name, province: where, ...(nameEn === undefined ? {} : { nameEn }) },
    ...(fictional === undefined ? {} : { fictional }),
  };
}
