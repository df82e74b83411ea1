/** The two languages of every public text; Vietnamese first. */
export type Language = 'vi' | 'en';

/** One text in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** Texts that a page does not show need not be sent to it. */
/* @__NO_SIDE_EFFECTS__ */
export function words(vi: string, en: string): Words {
  return { vi, en };
}
