/** Where a serial is, in the few characters that the index of its lot carries. */
import type { ItemKey } from '#domain/gs1/item-key.js';
import type { Custody, Hold } from '#domain/lifecycle/item.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { ProvinceCode } from '#domain/registry/provinces.js';

/** A custody without what a count of a lot does not need. */
export interface Standing {
  readonly state: Custody['state'];
  readonly holder: OrganisationId;
  readonly parent?: ItemKey;
  readonly shipment?: string;
  readonly hold?: Hold['cause'];
  readonly province?: ProvinceCode;
}

/** As `readStanding` reads it back. */
export function standingOf(custody: Custody): Standing {
  const { state, holder } = custody;
  return {
    state, holder,
    ...('parent' in custody && custody.parent !== undefined ? { parent: custody.parent } : {}),
    ...('shipment' in custody ? { shipment: custody.shipment } : {}),
    ...('hold' in custody && custody.hold !== undefined ? { hold: custody.hold.cause } : {}),
    ...('province' in custody ? { province: custody.province } : {}),
  };
}

const OPTIONAL = ['parent', 'shipment', 'hold', 'province'] as const;

/** Tab-separated: `in-stock`, holder, parent, shipment, hold, province; empty where there is none. */
export function packStanding(custody: Custody): string {
  const standing = standingOf(custody);
  return [standing.state, standing.holder, ...OPTIONAL.map((name) => standing[name] ?? '')].join('\t');
}

/** What `packStanding` packed. */
export function readStanding(packed: string): Standing {
  const [state, holder, ...rest] = packed.split('\t');
  const standing: Record<string, string | undefined> = { state, holder };
  OPTIONAL.forEach((name, index) => {
    if (rest[index] !== '') standing[name] = rest[index];
  });
  return standing as unknown as Standing;
}
