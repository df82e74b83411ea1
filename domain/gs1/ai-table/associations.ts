/** Which AIs a data field must stand beside: the groups that several AIs share. Alternatives are parted by spaces. */

/** A trade item by any of the AIs that hold a GTIN. */
export const ANY_GTIN = '01 02 03';
/** A trade item, or the trade items inside a logistic unit. */
export const GTIN_OR_CONTENT = '01 02';
/** A logistic unit. */
export const LOGISTIC_UNIT = '00';
/** A trade item or a piece of one that can bear a serial. */
export const SERIALISABLE = '01 03 8006';
/** A person or thing giving or receiving a service. */
export const SERVICE_RELATION = '8017 8018';
/** A trade item, its content or its pieces. */
export const TRADE_ITEM = '01 02 03 8006 8026';
