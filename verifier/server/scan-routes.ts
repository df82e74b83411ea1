/** Answers to scans: the GS1 path at the root of the site, and typed codes under /scan. No redirect, no cookie. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode } from '#domain/errors.js';
import { parseDigitalLinkPath } from '#domain/gs1/digital-link.js';
import { type LinkContent, scannedItem } from '../core/goods/scanned-item.js';
import { sendCompressible } from './compression.js';
import { CACHE, varies } from './headers.js';
import { addressOf } from './item-address.js';
import { hasLink, linksetOf } from './linkset.js';
import { machineAnswer } from './machine-answer.js';
import type { Metrics } from './metrics.js';
import { homePage, malformedPage, scanPage } from './pages.js';
import { sendProblem } from './problem-answer.js';
import { parameterOf, rawUrl } from './raw-url.js';
import { CONTEXT_PATH } from './resolver-description.js';
import { answerScan, type ScanAnswer, type ScanSources } from './scan-answer.js';
import { type ScanAsk, scanAsk } from './scan-ask.js';
import { readCode } from './scan-code.js';
import type { Site } from './site.js';

export interface ScanService extends ScanSources {
  readonly site: Site;
  readonly metrics: Metrics;
}

/** A link that could be read, and where a whole one leads. */
interface Reading {
  readonly link: LinkContent;
  readonly domain?: string;
  /** As it was typed or pasted. */
  readonly typed?: string;
}

/** `GET /01/…`, `/00/…` and every other path: read raw, because a decoded `%2F` would be another link. */
export async function answerLink(service: ScanService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { path, query } = rawUrl(request.raw.url ?? '/');
  const ask = scanAsk(request, { path, query }, service.site);
  return answer(service, ask, reply, () => ({ link: parseDigitalLinkPath(path, query) }));
}

/** `GET /scan?code=…`: the same answer for a code that was typed, pasted or sent by a scanner. */
export async function answerTyped(service: ScanService, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const url = rawUrl(request.raw.url ?? '/');
  const code = parameterOf(url.query, 'code') ?? '';
  return answer(service, scanAsk(request, url, service.site), reply, () => readCode(code), code);
}

async function answer(service: ScanService, ask: ScanAsk, reply: FastifyReply, read: () => Reading, typed?: string): Promise<FastifyReply> {
  varies(reply);
  const reading = attempt(read);
  if (reading instanceof Problem) return refuse(service, ask, reply, reading, typed);
  const found = await answerScan(scannedItem(reading.link), service);
  if (ask.linkType !== undefined && (ask.linkType === 'unknown' || !hasLink(found, ask.linkType))) {
    return sendProblem(reply, 'LINK_TYPE_UNKNOWN', 404, ask);
  }
  service.metrics.answered(found.state, ask.format);
  return send(found, { ...reading, ...(typed === undefined ? {} : { typed }) }, ask, reply);
}

function attempt(read: () => Reading): Reading | Problem {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function refuse({ metrics }: ScanService, ask: ScanAsk, reply: FastifyReply, problem: Problem, typed: string | undefined): FastifyReply {
  metrics.answered('malformed', ask.format);
  reply.code(400).header('cache-control', CACHE.status);
  if (ask.format !== 'html') return sendProblem(reply, problem, 400, ask);
  const page = problem.code === 'SCAN_EMPTY' ? homePage(ask, problem.code) : malformedPage(ask, problem.code, typed);
  return sendPage(reply, page.markup);
}

function send(found: ScanAnswer, { link, domain, typed }: Reading, ask: ScanAsk, reply: FastifyReply): FastifyReply {
  const { site, language } = ask;
  const address = addressOf(link);
  const status = statusOf(found);
  reply.code(status).header('cache-control', status === 503 ? CACHE.never : CACHE.status).header('link', linksOf(address, ask));
  switch (ask.format) {
    case 'json': return sendCompressible(reply.type('application/json; charset=utf-8'), JSON.stringify(machineAnswer(found, address, language)));
    case 'linkset': return sendLinkset(found, status, ask, reply);
    case 'html': return sendPage(reply, scanPage({ ...ask, answer: found, address, code: typed ?? address, leadsElsewhere: domain !== undefined && domain !== site.host }).markup);
  }
}

function sendPage(reply: FastifyReply, markup: string): FastifyReply {
  return sendCompressible(reply.type('text/html; charset=utf-8'), markup);
}

/** A list of no links is no list: unknown is 404 here too, with the reason instead. */
function sendLinkset(found: ScanAnswer, status: number, ask: ScanAsk, reply: FastifyReply): FastifyReply {
  const { registered } = found.report;
  if (status !== 200) return sendProblem(reply, 'code' in registered ? registered.code : 'ITEM_UNKNOWN', status, ask);
  return sendCompressible(reply.type('application/linkset+json; charset=utf-8'), JSON.stringify(linksetOf(found, ask.site.origin, ask.language)));
}

const NOTHING_KNOWN: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['PRODUCT_UNKNOWN', 'ITEM_KIND_NOT_KEPT']);

/** 404 only where nothing is known at any level: a product that is known is an answer, whatever its code is worth. */
function statusOf({ question: { scanned, answer: found }, report: { registered } }: ScanAnswer): number {
  if (registered.result === 'fail' && (NOTHING_KNOWN.has(registered.code) || scanned.level === 'unit')) return 404;
  return found === 'unreachable' && registered.result === 'unknown' ? 503 : 200;
}

function linksOf(address: string, { site, url, format }: ScanAsk): string {
  const path = address.replace(/\?.*$/, '');
  const links = [`<${site.origin}${path}?linkType=linkset>; rel="linkset"; type="application/linkset+json"`];
  if (url.path !== path) links.push(`<${site.origin}${address}>; rel="owl:sameAs"`);
  if (format === 'linkset') links.push(`<${site.origin}${CONTEXT_PATH}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`);
  return links.join(', ');
}
