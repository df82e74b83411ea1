/** The two languages of every public text; Vietnamese first. */
export type Language = 'vi' | 'en';

/** One text in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

export const words = (vi: string, en: string): Words => ({ vi, en });
