/** Arguments of the transactions that divide and draw on chemicals. */
import { gtin } from '../goods/product.js';
import { parseItemKey, parseSerial, type ItemKey } from '../gs1/item-key.js';
import { parseInstant } from '../instant.js';
import { parseKilograms, parseKilogramsOrNone } from '../quantity/mass.js';
import { province } from '../registry/organisation.js';
import { list, object, oneOf, optional, parsedBy, text, type Parsed } from '../shape.js';

const occasion = { happenedAt: optional(parsedBy(parseInstant)), province: optional(province) };
const mass = parsedBy(parseKilograms);
const massOrNone = parsedBy(parseKilogramsOrNone);

/** What is divided: a lot's undivided bulk, or one container. */
const source = parsedBy((value): ItemKey => {
  parseItemKey(value);
  return value as ItemKey;
});

/**
 * `chemical:split`: a bulk or a container is divided into new containers. What remains and what was lost are weighed
 * and stated, so that the parts add up to the whole (`domain.md` C6). Masses in kilograms.
 */
export const splitRequest = object({
  from: source,
  into: list(object({ gtin, serial: parsedBy(parseSerial), mass }), { min: 1, max: 500 }),
  remaining: massOrNone,
  loss: massOrNone,
  lossReason: optional(text(300)),
  ...occasion,
});
export type SplitRequest = Parsed<typeof splitRequest>;

/** `chemical:draw`: a part or all of a container's content is used, destroyed or found lost. */
export const drawRequest = object({
  item: source,
  mass,
  as: oneOf('used', 'destroyed', 'lost'),
  reason: text(300),
  ...occasion,
});
export type DrawRequest = Parsed<typeof drawRequest>;

