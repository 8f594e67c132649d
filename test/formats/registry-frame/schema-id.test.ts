/** Proves that a message's schema is read from its frame or header, and that what is no frame is told with its bytes. */
import { describe, expect, it } from 'vitest';
import { readSchemaFrame, readSchemaIdHeader, schemaIdAt } from '../../../formats/registry-frame/schema-id.ts';
import { formatErrorOf } from '../support/fixture-files.ts';

const GUID = 'b3c1f6a0-0102-4344-8506-0708090a0b0c';
const framed = (hex: string) => Buffer.from(`aa${hex}ff`, 'hex');

describe('the frame of a schema registry', () => {
  it('has the id of the schema before the datum', () => {
    const data = framed('00000000110a0b');
    expect(readSchemaFrame(data, 1, 8)).toEqual({ schema: { id: 17 }, start: 6 });
    expect(schemaIdAt(data, 1, 8)).toBe(17);
    expect(readSchemaFrame(framed('007fffffff'), 1, 6)).toEqual({ schema: { id: 2 ** 31 - 1 }, start: 6 });
  });

  it('may have a GUID in place of the id', () => {
    const data = framed(`01${GUID.replaceAll('-', '')}0a`);
    expect(readSchemaFrame(data, 1, 19)).toEqual({ schema: { guid: GUID }, start: 18 });
    expect(schemaIdAt(data, 1, 19)).toBe(-1);
  });

  it('may stand in a header by itself', async () => {
    expect(readSchemaIdHeader(Buffer.from(`01${GUID.replaceAll('-', '')}`, 'hex'))).toEqual({ guid: GUID });
    expect(readSchemaIdHeader(Buffer.from('0000000005', 'hex'))).toEqual({ id: 5 });
    const error = await formatErrorOf(async () => readSchemaIdHeader(Buffer.from('000000000501', 'hex')));
    expect(error.message).toContain('bytes follow the id');
  });

  it.each([
    ['no byte', '', 'truncated', '0 bytes'],
    ['four bytes', '00000000', 'truncated', '4 bytes'],
    ['a GUID that is cut', '0101020304', 'truncated', '5 bytes'],
    ['a negative id', '00ffffffff', 'corrupt', '-1'],
    ['text', Buffer.from('{"a":1}').toString('hex'), 'corrupt', 'a byte 123: 7b2261223a317d'],
  ])('is refused for %s', async (_, hex, fault, found) => {
    const data = framed(hex);
    const error = await formatErrorOf(async () => readSchemaFrame(data, 1, data.length - 1));
    expect([error.fault, error.facts.found, error.facts.position]).toEqual([fault, found, 1]);
    expect(schemaIdAt(data, 1, data.length - 1)).toBe(-1);
  });
});
