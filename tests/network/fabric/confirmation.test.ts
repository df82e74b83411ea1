import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answerOn, assertConfirmed } from '../../../network/fabric/confirmation.js';

type Ask = () => Promise<string | undefined>;
const FINGERPRINT = 'ab'.repeat(32);
const nobody = async (): Promise<undefined> => undefined;
const answering = (text: string) => async (): Promise<string> => text;

describe('signing', () => {
  it.each<readonly [string, readonly string[], Ask]>([['the fingerprint that was shown', [FINGERPRINT], nobody], ['the same in groups', FINGERPRINT.match(/.{8}/g)!, nobody], ['groups in quotes', [FINGERPRINT.replace(/.{8}(?=.)/g, '$& ')], nobody], ['a yes', [], answering('yes')]])('is confirmed by %s', async (_name, given, ask) => {
    await expect(assertConfirmed(FINGERPRINT, given, ask)).resolves.toBeUndefined();
  });

  it.each<readonly [string, readonly string[], Ask, Readonly<Record<string, string>>]>([
    ['nobody', [], nobody, {}],
    ['any other answer', [], answering('y'), {}],
    ['no answer', [], answering(''), {}],
    ['another fingerprint, whatever is answered', ['cd'.repeat(32)], answering('yes'), { given: 'cd'.repeat(32) }],
    ['the beginning of it', [FINGERPRINT.slice(0, 8)], answering('yes'), { given: FINGERPRINT.slice(0, 8) }],
    ['an empty one', [''], answering('yes'), { given: '' }],
  ])('is not confirmed by %s', async (_name, given, ask, more) => {
    await expect(assertConfirmed(FINGERPRINT, given, ask)).rejects.toMatchObject({ code: 'FABRIC_CHANGE_UNCONFIRMED', fields: { fingerprint: FINGERPRINT, ...more } });
  });
});

describe('the question at the terminal', () => {
  const asked = (isTTY: boolean): { input: PassThrough; output: PassThrough; answer: Promise<string | undefined>; interruption: AbortController } => {
    const [input, output, interruption] = [Object.assign(new PassThrough(), { isTTY }), new PassThrough(), new AbortController()];
    return { input, output, interruption, answer: answerOn(input, output, 'sign? ', interruption.signal) };
  };

  it('is answered by a line', async () => {
    const { input, output, answer } = asked(true);
    input.write('yes\nno\n');
    expect([await answer, String(output.read())]).toEqual(['yes', 'sign? ']);
  });

  it('is not answered by an end of the input, nor where nobody sits', async () => {
    const { input, answer } = asked(true);
    input.end();
    const script = asked(false);
    script.input.end('yes\n');
    expect(await Promise.all([answer, script.answer])).toEqual([undefined, undefined]);
  });

  it('ends with an interruption', async () => {
    const { interruption, answer } = asked(true);
    interruption.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});
