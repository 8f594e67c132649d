import { putBigLong, putBytes, putDouble, putLong, putString } from './avro-binary.ts';
import { javaBytes, javaDouble, javaQuoted } from './java-text.ts';
import type { ByteWriter } from '../../../formats/byte-writer.ts';
import type { PageView } from './page-view.ts';

/**
 * Two versions of the event's schema. Version 2 is the output schema: it has a field more and a field less, another
 * order of fields, a wider type and one symbol more.
 */
export const SYMBOLS = ['VIEW', 'CLICK', 'SCROLL', 'SUBMIT'] as const;

const HEADER = {
  type: 'record',
  name: 'EventHeader',
  fields: [
    { name: 'memberId', type: ['null', 'long'], default: null },
    { name: 'viewerUrn', type: 'string' },
    { name: 'time', type: 'long', doc: 'milliseconds since 1970 UTC' },
    { name: 'server', type: 'string' },
    { name: 'service', type: 'string' },
    { name: 'guid', type: { type: 'fixed', name: 'Guid', size: 16 } },
  ],
};
const OPTIONAL_STRING = { type: ['null', 'string'], default: null };

function schemaText(symbols: readonly string[], fields: readonly object[]): string {
  const action = { name: 'action', type: { type: 'enum', name: 'Action', symbols } };
  return JSON.stringify({
    type: 'record',
    name: 'PageViewEvent',
    namespace: 'com.example.tracking',
    fields: fields.map((field) => ('action' in field ? action : field)),
  });
}

/** The text of each version, as it stands in the headers of the files. */
export const SCHEMAS: Record<1 | 2, string> = {
  1: schemaText(SYMBOLS.slice(0, 3), [
    { name: 'eventId', type: 'string' },
    { name: 'header', type: HEADER },
    { action: true },
    { name: 'pageKey', type: 'string' },
    { name: 'durationMs', type: 'int' },
    { name: 'legacy', type: 'boolean' },
    { name: 'score', type: 'double' },
    { name: 'sessionId', type: 'long' },
    { name: 'userAgent', ...OPTIONAL_STRING },
    { name: 'referrer', ...OPTIONAL_STRING },
    { name: 'params', type: { type: 'map', values: 'string' } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'consented', type: 'boolean' },
  ]),
  2: schemaText(SYMBOLS, [
    { name: 'header', type: HEADER },
    { name: 'eventId', type: 'string' },
    { name: 'pageKey', type: 'string' },
    { action: true },
    { name: 'durationMs', type: 'long' },
    { name: 'score', type: 'double' },
    { name: 'sessionId', type: 'long' },
    { name: 'referrer', ...OPTIONAL_STRING },
    { name: 'userAgent', ...OPTIONAL_STRING },
    { name: 'params', type: { type: 'map', values: 'string' } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'consented', type: 'boolean' },
    { name: 'campaign', ...OPTIONAL_STRING },
  ]),
};

/** More than any record of `pageViewAt` takes, but for its tags. */
const LARGEST = 4096;

/** Appends the binary form of a record in a version of the schema. */
export function putPageView(out: ByteWriter, view: PageView, version: 1 | 2): void {
  out.reserve(view.tags.reduce((sum, tag) => sum + tag.length, LARGEST));
  if (version === 1) {
    putString(out, view.eventId);
    putHeader(out, view);
    putLong(out, view.action);
    putString(out, view.pageKey);
    putLong(out, view.durationMs);
    putLong(out, 0);
    putDouble(out, view.score);
    putNumber(out, view.sessionId);
    putOptional(out, view.userAgent);
    putOptional(out, view.referrer);
  } else {
    putHeader(out, view);
    putString(out, view.eventId);
    putString(out, view.pageKey);
    putLong(out, view.action);
    putLong(out, view.durationMs);
    putDouble(out, view.score);
    putNumber(out, view.sessionId);
    putOptional(out, view.referrer);
    putOptional(out, view.userAgent);
  }
  if (view.params.length > 0) putLong(out, view.params.length);
  for (const [key, value] of view.params) {
    putString(out, key);
    putString(out, value);
  }
  putLong(out, 0);
  if (view.tags.length > 0) putLong(out, view.tags.length);
  for (const tag of view.tags) putString(out, tag);
  putLong(out, 0);
  out.bytes[out.length++] = view.consented ? 1 : 0;
  if (version === 2) putOptional(out, view.campaign);
}

function putHeader(out: ByteWriter, view: PageView): void {
  putLong(out, view.memberId === null ? 0 : 1);
  if (view.memberId !== null) putNumber(out, view.memberId);
  putString(out, view.viewerUrn);
  putLong(out, view.time);
  putString(out, view.server);
  putString(out, view.service);
  putBytes(out, view.guid);
}

function putNumber(out: ByteWriter, value: number | bigint): void {
  if (typeof value === 'bigint') putBigLong(out, value);
  else putLong(out, value);
}

function putOptional(out: ByteWriter, text: string | null): void {
  putLong(out, text === null ? 0 : 1);
  if (text !== null) putString(out, text);
}

/** The record as Java's JsonEncoder prints it with a version of the schema. */
export function pageViewJson(view: PageView, version: 1 | 2): string {
  const header =
    `"header":{"memberId":${view.memberId === null ? 'null' : `{"long":${view.memberId}}`}` +
    `,"viewerUrn":${javaQuoted(view.viewerUrn)},"time":${view.time},"server":${javaQuoted(view.server)}` +
    `,"service":${javaQuoted(view.service)},"guid":${javaBytes(view.guid)}}`;
  const action = `"action":"${SYMBOLS[view.action]}"`;
  const numbers = `"score":${javaDouble(view.score)},"sessionId":${view.sessionId}`;
  const referrer = `"referrer":${optional(view.referrer)}`;
  const userAgent = `"userAgent":${optional(view.userAgent)}`;
  const rest =
    `"params":{${view.params.map(([key, value]) => `${javaQuoted(key)}:${javaQuoted(value)}`).join(',')}}` +
    `,"tags":[${view.tags.map(javaQuoted).join(',')}],"consented":${view.consented}`;
  const eventId = `"eventId":${javaQuoted(view.eventId)}`;
  const pageKey = `"pageKey":${javaQuoted(view.pageKey)}`;
  return version === 1
    ? `{${eventId},${header},${action},${pageKey},"durationMs":${view.durationMs},"legacy":false,${numbers},${userAgent},${referrer},${rest}}`
    : `{${header},${eventId},${pageKey},${action},"durationMs":${view.durationMs},${numbers},${referrer},${userAgent},${rest},"campaign":${optional(view.campaign)}}`;
}

function optional(text: string | null): string {
  return text === null ? 'null' : `{"string":${javaQuoted(text)}}`;
}
