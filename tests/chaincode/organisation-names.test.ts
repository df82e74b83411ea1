/** Two organisations never have one name, nor names that look the same (`trust.md` T8). */
import { beforeEach, describe, expect, test } from 'vitest';
import { ContractWorld } from '../support/contract-world.js';
import { foundRegistry, registrar } from '../support/fictional.js';
import { rejectsWith } from '../support/rejects-with.js';

let world: ContractWorld;
beforeEach(async () => {
  world = new ContractWorld();
  await foundRegistry(world);
});

const register = async (name: string, more: object = {}): Promise<unknown> => world.call(registrar, 'registry:registerOrganisation', { id: 'moi', type: 'enterprise', name, address: 'x', province: '01', fictional: 'yes', ...more });

/** Look-alikes of letters that stand in the registered names, by Unicode's confusables. None is a letter of Vietnamese. */
const CONFUSABLE: Readonly<Record<string, string>> = {
  Đ: 'ÐƉ', đ: 'ðɖ', H: 'НΗＨ', S: 'ЅＳ', C: 'СϹＣ', a: 'аαａ', o: 'оοօｏ', h: 'һｈ', i: 'іıｉ', M: 'МΜＭ', y: 'уｙ', p: 'рρｐ', n: 'ｎ', t: 'ｔ', Q: 'Ｑ', B: 'ВΒＢ', e: 'еｅ', T: 'ТΤＴ', x: 'хｘ', c: 'сϲｃ',
};
const SAME: Readonly<Record<string, string>> = { i: '1l|I', o: '0O', l: '1I', I: 'l1' };

const mutated = (name: string, table: Readonly<Record<string, string>>): string[] => [...name].flatMap((letter, at) => [...table[letter] ?? ''].map((other) => name.slice(0, at) + other + name.slice(at + 1)));
const registered = (): string[] => world.all('organisation').map(({ name }) => name);

describe('a name', () => {
  test('of another organisation is refused, in either language of either', async () => {
    await rejectsWith(register('Cửa hàng Sao Mai'), 'ORGANISATION_NAME_TAKEN', { field: 'name', organisation: 'cua-hang-sao' });
    await rejectsWith(register('Cái mới', { nameEn: 'Cửa hàng Sao Mai' }), 'ORGANISATION_NAME_TAKEN', { field: 'nameEn', organisation: 'cua-hang-sao' });
    await register('Cái mới', { nameEn: 'The New One' });
    await rejectsWith(register('the new one', { id: 'nua' }), 'ORGANISATION_NAME_TAKEN', { field: 'name', organisation: 'moi' });
  });

  test('that differs by a place or a mark is another', async () => {
    await register('Cửa hàng Sao Mai Hà Nội');
    await register('Cửa hàng Sao Mải', { id: 'nua', nameEn: 'Cửa hàng Sao Mải' });
    expect(registered()).toEqual(expect.arrayContaining(['Cửa hàng Sao Mai Hà Nội', 'Cửa hàng Sao Mải']));
  });

  test('that was refused is not taken', async () => {
    await rejectsWith(register('Cái mới', { nameEn: 'Sơn Cầu Vồng' }), 'ORGANISATION_NAME_TAKEN');
    await register('Cái mới', { id: 'nua' });
  });

  test('with any letter of a registered one made another that looks like it is refused', async () => {
    const names = registered();
    const [others, same] = [names.flatMap((name) => mutated(name, CONFUSABLE)), names.flatMap((name) => mutated(name, SAME))];
    expect(others.length).toBeGreaterThan(100);
    expect(same.length).toBeGreaterThan(20);
    for (const name of others) await rejectsWith(register(name), 'ORGANISATION_NAME_CHARACTER', { field: 'name' });
    for (const name of same) await rejectsWith(register(name), 'ORGANISATION_NAME_TAKEN', { field: 'name' });
    for (const name of names) await rejectsWith(register(name.toUpperCase()), 'ORGANISATION_NAME_TAKEN', { field: 'name' });
    expect(registered()).toEqual(names);
  });
});
