import { it } from 'vitest';
import { SourceLimit } from '../../../gateway/reports/source-limit.js';
import { throwsWith } from '../../support/rejects-with.js';

it('remembers so many sources and no more: whoever was seen first is forgotten first', () => {
  const limit = new SourceLimit(1, () => 0);
  const source = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  for (let index = 0; index < 50_000; index++) limit.take(source(index));
  throwsWith(() => limit.take(source(0)), 'RATE_LIMITED');
  limit.take(source(50_000));
  limit.take(source(0));
  throwsWith(() => limit.take(source(49_999)), 'RATE_LIMITED', { seconds: '86400' });
});
