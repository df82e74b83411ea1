import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '#domain/epcis/captured-event.js';
import { stepOf } from '#domain/epcis/command.js';
import { readDocument, readLoneEvent } from '#domain/epcis/document.js';
import { readContext, STANDING_PREFIXES } from '#domain/epcis/json-ld-context.js';
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { problemOf } from './problem-of.js';
import { aggregationEvent, captured, CONTEXT, directory, documentOf, GS1_CONTEXT, MAKER, objectEvent } from './sample-events.js';

const queryDocument = (...events: unknown[]): Record<string, unknown> => ({
  '@context': GS1_CONTEXT, type: 'EPCISQueryDocument',
  epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: events } } },
});

describe('a captured document', () => {
  it('may be an EPCISDocument or an EPCISQueryDocument', () => {
    const event = objectEvent();
    expect(readDocument(documentOf(event, event)).events).toEqual([event, event]);
    expect(readDocument(queryDocument(event)).events).toEqual([event]);
  });

  it('may say who sent it', () => {
    const document = { ...documentOf(objectEvent()), id: 'urn:x:1', schemaVersion: '2.0.1', sender: 'a', receiver: 'b', instanceIdentifier: 'c', epcisHeader: { epcisMasterData: { vocabularyList: [] } } };
    expect(readDocument(document).events).toHaveLength(1);
  });

  const rows: readonly [string, unknown, string, Record<string, string>][] = [
    ['a list', [], 'FIELD_WRONG_TYPE', { field: '' }],
    ['nothing', null, 'FIELD_WRONG_TYPE', { field: '' }],
    ['another type', { ...documentOf(objectEvent()), type: 'ObjectEvent' }, 'EPCIS_DOCUMENT_TYPE_WRONG', { field: 'type', value: 'ObjectEvent' }],
    ['a type that has no text', { ...documentOf(), type: { toString: 1, valueOf: 2 } }, 'EPCIS_DOCUMENT_TYPE_WRONG', { value: 'object' }],
    ['no context', { ...documentOf(objectEvent()), '@context': undefined }, 'FIELD_MISSING', { field: '@context' }],
    ['EPCIS 1.2', { ...documentOf(objectEvent()), schemaVersion: '1.2' }, 'EPCIS_VERSION_UNSUPPORTED', { field: 'schemaVersion', value: '1.2' }],
    ['a version that is a number', { ...documentOf(objectEvent()), schemaVersion: 2 }, 'EPCIS_VERSION_UNSUPPORTED', { field: 'schemaVersion', value: 'number' }],
    ['no creation date', { ...documentOf(objectEvent()), creationDate: undefined }, 'FIELD_MISSING', { field: 'creationDate' }],
    ['no events', documentOf(), 'LIST_EMPTY', { field: 'epcisBody.eventList' }],
    ['no body', { ...documentOf(), epcisBody: {} }, 'FIELD_MISSING', { field: 'epcisBody.eventList' }],
    ['a member of no standard', { ...documentOf(objectEvent()), colour: 1 }, 'FIELD_UNKNOWN', { field: 'colour' }],
    ['master data', { ...documentOf(objectEvent()), epcisHeader: { epcisMasterData: { vocabularyList: [{}] } } }, 'EPCIS_MASTER_DATA_UNSUPPORTED', { field: 'epcisHeader.epcisMasterData' }],
    ['a context of others', { ...documentOf(objectEvent()), '@context': [GS1_CONTEXT, 'https://example.org/context.jsonld'] }, 'EPCIS_CONTEXT_UNSUPPORTED', { value: 'https://example.org/context.jsonld' }],
    ['a word given another meaning', { ...documentOf(objectEvent()), '@context': [GS1_CONTEXT, { action: 'https://example.org/disposition' }] }, 'EPCIS_CONTEXT_UNSUPPORTED', { value: 'action' }],
    ['our prefix given another meaning', { ...documentOf(objectEvent()), '@context': [GS1_CONTEXT, { minhchung: 'https://example.org/' }] }, 'EPCIS_CONTEXT_UNSUPPORTED', { value: 'minhchung' }],
    ['a JSON-LD keyword', { ...documentOf(objectEvent()), '@context': { '@vocab': 'https://example.org/' } }, 'EPCIS_CONTEXT_UNSUPPORTED', { value: '@vocab' }],
    ['an endless context', { ...documentOf(objectEvent()), '@context': Array.from({ length: 11 }, () => GS1_CONTEXT) }, 'EPCIS_CONTEXT_UNSUPPORTED', {}],
  ];

  it.each(rows)('is refused: %s', (_name, value, code, fields) => {
    expect(problemOf(() => readDocument(value))).toMatchObject({ code, fields });
  });

  it('takes an event alone with its own context', () => {
    const { prefixes, event } = readLoneEvent({ '@context': [GS1_CONTEXT, { mc: 'urn:minhchung:epcis:' }], ...objectEvent({ bizStep: 'holding', 'mc:reason': 'x' }) });
    expect(readEvent(event, prefixes).extension).toEqual({ 'minhchung:reason': 'x' });
    expect(problemOf(() => readLoneEvent(objectEvent()))).toMatchObject({ code: 'FIELD_MISSING', fields: { field: '@context' } });
  });
});

describe('prefixes', () => {
  it('a prefix may be chosen freely, for our namespace or GS1\'s', () => {
    const event = captured(objectEvent({ action: 'ADD', bizStep: 'commissioning', ilmd: { 'm:lotNumber': 'L1' }, 'mc:reason': 'x' }), [GS1_CONTEXT, { mc: 'urn:minhchung:epcis:', m: 'urn:epcglobal:cbv:mda:' }]);
    expect([event.lotNumber, event.extension]).toEqual(['L1', { 'minhchung:reason': 'x' }]);
  });

  it('a full name needs none', () => {
    expect(captured(objectEvent({ 'urn:minhchung:epcis:reason': 'x' })).extension).toEqual({ 'minhchung:reason': 'x' });
  });

  it('one member in two spellings is one too many', () => {
    expect(problemOf(() => captured(objectEvent({ 'minhchung:reason': 'x', 'urn:minhchung:epcis:reason': 'y' })))).toMatchObject({ code: 'JSON_DUPLICATE_KEY', fields: { field: 'minhchung:reason' } });
  });

  it('a member of no prototype is a member like any other', () => {
    const { prefixes, events } = readDocument(parseStrictJson(JSON.stringify(documentOf('#')).replace('"#"', JSON.stringify(objectEvent()).replace('{', '{"__proto__":{"bizStep":"shipping"},')), 10_000));
    expect(problemOf(() => readEvent(events[0], prefixes))).toMatchObject({ code: 'FIELD_UNKNOWN', fields: { field: '__proto__' } });
  });

  it('an event may add to those of its document', () => {
    expect(captured({ '@context': { mc: 'urn:minhchung:epcis:' }, ...objectEvent({ 'mc:reason': 'x' }) }).extension).toEqual({ 'minhchung:reason': 'x' });
    expect(readContext(CONTEXT)).toEqual(STANDING_PREFIXES);
  });
});

/** A valid event with one member replaced by anything at all. */
const damaged = fc.tuple(
  fc.constantFrom(objectEvent({ bizStep: 'shipping', readPoint: { id: 'urn:minhchung:province:01' } }), aggregationEvent({ action: 'ADD', bizStep: 'packing' })),
  fc.constantFrom('type', 'epcList', 'quantityList', 'parentID', 'childEPCs', 'action', 'bizStep', 'disposition', 'persistentDisposition', 'readPoint', 'bizLocation', 'sourceList', 'destinationList', 'bizTransactionList', 'ilmd', 'eventID', 'eventTime', 'eventTimeZoneOffset', 'recordTime', '@context', 'minhchung:step', 'minhchung:difference', 'minhchung:province'),
  fc.jsonValue(),
);

describe('hostile events', () => {
  it('are read or refused, never a fault of ours', () => {
    fc.assert(fc.property(damaged, ([event, name, value]) => {
      let refusal: unknown;
      try {
        stepOf(captured({ ...event, [name]: value }), MAKER, directory);
      } catch (error) {
        refusal = error;
      }
      expect(refusal === undefined || refusal instanceof Problem).toBe(true);
    }), { numRuns: 1500 });
  });

  it('so are documents', () => {
    fc.assert(fc.property(fc.constantFrom('@context', 'type', 'schemaVersion', 'creationDate', 'epcisBody', 'epcisHeader', 'sender'), fc.jsonValue(), (name, value) => {
      let refusal: unknown;
      try {
        readDocument({ ...documentOf(objectEvent()), [name]: value });
      } catch (error) {
        refusal = error;
      }
      expect(refusal === undefined || refusal instanceof Problem).toBe(true);
    }), { numRuns: 700 });
  });
});
