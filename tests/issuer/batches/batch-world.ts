/** A university's registry office: one person who prepares, another who approves, on a real issuer, gateway and ledger. */
import type { Response } from 'light-my-request';
import { injectedGateway } from '../../../issuer/ledger/injected-gateway.js';
import type { GatewayApi } from '../../../issuer/ledger/gateway-api.js';
import { withBatches } from '../../../issuer/batches/add-batches.js';
import { mustBe, type Answer, type Caller } from '../../gateway/app/running-gateway.js';
import { issuerWorld, UNIVERSITY, type IssuerWorld, type WorldOptions } from '../issuer-world.js';

type Json = Record<string, unknown>;

export interface BatchWorld extends IssuerWorld {
  readonly preparer: Caller;
  readonly approver: Caller;
  /** Uploads a file; `query` adds to, or with `undefined` takes from, what a class usually states. */
  upload(file: Buffer, query?: Readonly<Record<string, string | undefined>>, options?: UploadOptions): Promise<Answer>;
  /** A batch of some rows that waits for approval. */
  prepared(file: Buffer, rows: number): Promise<string>;
  /** A batch as its people see it. */
  batch(id: string): Promise<Json>;
  approve(id: string, by?: Caller): Promise<Answer>;
  /** Waits until the batch is in this state. */
  until(id: string, state: string): Promise<Json>;
  /** A file that is taken away. */
  file(url: string, by?: Caller): Promise<Response>;
}

export interface UploadOptions {
  readonly by?: Caller;
  readonly type?: string;
}

/** A year in which everybody's clock agrees that the class has graduated. */
export const YEAR = new Date().getUTCFullYear() - 1;

const USUAL: Readonly<Record<string, string>> = {
  did: UNIVERSITY, level: 'bachelor', title: 'Bằng cử nhân', titleEn: 'The degree of Bachelor', field: 'Hóa học', mode: 'full-time',
  graduationYear: String(YEAR), decisionNumber: '123/QĐ-ĐHVD', issuePlace: 'Đà Nẵng', issueDate: `${YEAR}-07-15`,
};

export async function batchWorld(options: WorldOptions = {}): Promise<BatchWorld> {
  const later: { api?: GatewayApi } = {};
  const gateway: GatewayApi = async (...request) => {
    if (later.api === undefined) throw new Error('not before the world is there');
    return later.api(...request);
  };
  const world = await issuerWorld({ more: withBatches(gateway), ...options });
  later.api = injectedGateway(world.gateway.app);
  const key = async (label: string): Promise<Caller> => {
    const { body } = mustBe(201, await world.gateway.operator.post('/v1/organisations/dai-hoc-vi-du/api-keys', { label }));
    return world.gateway.caller('dai-hoc-vi-du', String(body['text']));
  };
  return Object.assign(world, deskOf(world, await key('Phòng đào tạo: người chuẩn bị'), await key('Phòng đào tạo: người duyệt')));
}

function deskOf(world: IssuerWorld, preparer: Caller, approver: Caller): Omit<BatchWorld, keyof IssuerWorld> {
  const headers = (by: Caller): Record<string, string> => ({ authorization: `Bearer ${by.key}` });
  const desk: Omit<BatchWorld, keyof IssuerWorld> = {
    preparer, approver,
    upload: async (file, query = {}, { by = preparer, type = 'text/csv' } = {}) => {
      const stated = Object.entries({ ...USUAL, ...query }).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return world.call({ method: 'POST', url: `/v1/batches?${new URLSearchParams(stated)}`, headers: { ...headers(by), 'content-type': type }, payload: file });
    },
    prepared: async (file, rows) => String(mustBe(201, await desk.upload(file, { graduates: String(rows) })).body['id']),
    batch: async (id) => mustBe(200, await world.get(`/v1/batches/${id}`, headers(preparer))).body,
    approve: async (id, by = approver) => world.call({ method: 'POST', url: `/v1/batches/${id}/approval`, headers: headers(by) }),
    until: async (id, state) => {
      for (;;) {
        const batch = await desk.batch(id);
        if (batch['state'] === state) return batch;
        if (batch['endedAt'] !== undefined || batch['state'] === 'stopped') throw new Error(`${JSON.stringify(batch)} will never be ${state}`);
        await new Promise(setImmediate);
      }
    },
    file: async (url, by = preparer) => world.issuer.app.inject({ method: 'GET', url, headers: headers(by) }),
  };
  return desk;
}
