/** Refusals in words for a reader of a page, who sees neither codes nor headers. */
import { type Problem, PROBLEMS } from '#domain/errors.js';
import { type Language, words } from '../core/goods/language.js';
import { countText } from '../core/goods/number-wording.js';

const UNITS = { seconds: words('giây', 'seconds'), minutes: words('phút', 'minutes') };

/** The sentence of the code; for too many requests with the time to wait in it. */
export function refusalText({ code, fields }: Problem, language: Language): string {
  const seconds = fields['seconds'];
  if (code !== 'RATE_LIMITED' || seconds === undefined) return PROBLEMS[code][language];
  const wait = waitText(Number(seconds), language);
  return language === 'vi' ? `Có quá nhiều yêu cầu từ mạng bạn đang dùng. Hãy thử lại sau ${wait}.` : `There were too many requests from the network that you use. Try again in ${wait}.`;
}

function waitText(seconds: number, language: Language): string {
  const [count, unit] = seconds > 90 ? [Math.ceil(seconds / 60), UNITS.minutes] : [seconds, UNITS.seconds];
  return `${countText(String(count), language)}\u00a0${unit[language]}`;
}
