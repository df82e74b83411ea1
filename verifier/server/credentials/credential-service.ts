/** What the routes of credentials work with. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TrustRoots } from '#domain/goods/public-item.js';
import { sendCompressible } from '../compression.js';
import { CACHE, varies } from '../headers.js';
import type { PageFrame } from '../parts/document.js';
import { rawUrl, type RawUrl } from '../raw-url.js';
import type { CountRequest } from '../request-limits.js';
import { type ScanAsk, scanAsk } from '../scan-ask.js';
import type { ScanService } from '../scan-routes.js';
import type { CredentialJudge } from './credential-answer.js';
import { type CredentialScripts, type ScriptedPage, scriptOf } from './credential-scripts.js';
import type { PublicCredentials } from './credential-sources.js';

export interface CredentialService extends ScanService, CredentialJudge {
  readonly now: () => number;
  readonly credentials: PublicCredentials;
  readonly trust: () => Promise<TrustRoots>;
  readonly scripts: CredentialScripts | undefined;
  /** Counts an attempt at a name of whoever makes it. */
  readonly countReveal: CountRequest;
}

/** How one client wants to hear of a credential: a page, or data. */
export interface CredentialAsk {
  readonly ask: ScanAsk;
  /** Without a script: not every answer is one that a browser can check again. */
  readonly frame: PageFrame;
  readonly isPage: boolean;
}

/** @param url the address for the language switch, where it is not the one asked for */
export function credentialAsk(service: CredentialService, request: FastifyRequest, url?: RawUrl): CredentialAsk {
  const asked = rawUrl(request.raw.url ?? '/');
  const ask = { ...scanAsk(request, asked, service.site), url: url ?? asked };
  return { ask, frame: { ...ask, site: { ...service.site, script: undefined } }, isPage: ask.format === 'html' };
}

/** The same with the script of a page. */
export function scripted(frame: PageFrame, page: ScriptedPage, { scripts }: CredentialService): PageFrame {
  return { ...frame, site: { ...frame.site, script: scriptOf(scripts, page, frame.language)?.address } };
}

/** A credential can be revoked any second: nobody keeps an answer without asking again. */
const ASK_AGAIN = 'no-cache';

export interface Sending {
  readonly status?: number;
  /** Shows what not everybody may see, or what somebody sent: kept by nobody. */
  readonly isPrivate?: boolean;
}

export function sendPage(reply: FastifyReply, markup: string, sending: Sending = {}): FastifyReply {
  return sendCompressible(answering(reply, sending).type('text/html; charset=utf-8'), markup);
}

export function sendJson(reply: FastifyReply, body: unknown, sending: Sending = {}): FastifyReply {
  return sendCompressible(answering(reply, sending).type('application/json; charset=utf-8'), JSON.stringify(body));
}

/** Old browsers tell where a post comes from only if the page lets them. */
function answering(reply: FastifyReply, { status = 200, isPrivate = false }: Sending): FastifyReply {
  return varies(reply).code(status).header('cache-control', isPrivate ? CACHE.never : ASK_AGAIN).header('referrer-policy', 'same-origin');
}
