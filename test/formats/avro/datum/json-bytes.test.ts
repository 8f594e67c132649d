/**
 * Proves that strings go into JSON as Jackson writes them (the same text for JSON.parse, the same escapes byte for
 * byte), and that no invalid UTF-8 gets through.
 */
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../formats/avro/datum/cursor.ts';
import { putJsonLatin1, putJsonString } from '../../../../formats/avro/datum/json-bytes.ts';
import { ByteWriter } from '../../../../formats/byte-writer.ts';
import { FormatError } from '../../../../formats/format-error.ts';
import { RandomSource } from '../support/random-source.ts';
import { thrown } from '../support/thrown.ts';

function string(bytes: Buffer): string {
  const from = new Cursor();
  const to = new ByteWriter(1);
  from.start(bytes, 0, bytes.length);
  putJsonString(from, bytes.length, to, 'the text');
  expect(from.position).toBe(bytes.length);
  return to.view().toString('utf8');
}

/** JSON as JavaScript writes it, but for the letters of escapes and for what is above U+FFFF. */
function asJava(text: string): string {
  return JSON.stringify(text)
    .replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`)
    .replace(/[\u{10000}-\u{10ffff}]/gu, (pair) =>
      [...Array(2).keys()].map((at) => `\\u${pair.charCodeAt(at).toString(16).toUpperCase()}`).join(''),
    );
}

function latin1(bytes: Buffer): string {
  const from = new Cursor();
  const to = new ByteWriter(1);
  from.start(bytes, 0, bytes.length);
  putJsonLatin1(from, bytes.length, to);
  return to.view().toString('utf8');
}

describe('strings', () => {
  it.each([
    ['', '""'],
    ['a/b"c\\d', '"a/b\\"c\\\\d"'],
    ['\b\t\n\f\r', '"\\b\\t\\n\\f\\r"'],
    ['\u0000\u000b\u001f\u007f', '"\\u0000\\u000B\\u001F\u007f"'],
    ['\u0080ÿĀ\u07ff\u0800\u2028\u2029\ufffe\uffff', '"\u0080ÿĀ\u07ff\u0800\u2028\u2029\ufffe\uffff"'],
    ['😀\u{10000}\u{10ffff}', '"\\uD83D\\uDE00\\uD800\\uDC00\\uDBFF\\uDFFF"'],
    ['\ud7ff\ue000', '"\ud7ff\ue000"'],
  ])('%j are escaped as Java does', (text, json) => {
    expect(string(Buffer.from(text))).toBe(json);
  });

  it.each(['"', '\\', '\u0000', '\u001f', ' ', '!', '#', '[', ']', '\u007f', '\u0080', '€', '😀'])(
    'with %j anywhere among others are the same text again',
    (character) => {
      for (let length = 0; length < 12; length += 1)
        for (let at = 0; at <= length; at += 1) {
          const text = 'abcdefghijkl'.slice(0, at) + character + 'ABCDEFGHIJKL'.slice(at, length);
          for (const repeated of [text, text + text, text + character + text])
            expect(string(Buffer.from(repeated))).toBe(asJava(repeated));
        }
    },
  );

  it('of any characters are the same text again', () => {
    const seed = Date.now() % 1_000_000;
    const random = new RandomSource(seed);
    for (let i = 0; i < 500; i++) {
      const points = Array.from({ length: random.below(60) }, () => random.below(random.pick([0x80, 0x900, 0x110000])));
      const text = String.fromCodePoint(...points.filter((point) => point < 0xd800 || point > 0xdfff));
      expect(JSON.parse(string(Buffer.from(text))), `seed ${seed}`).toBe(text);
    }
  });

  it.each([
    ['80', 0],
    ['41c2', 1],
    ['c080', 0],
    ['c1bf', 0],
    ['e08080', 0],
    ['eda080', 0],
    ['e282', 0],
    ['f08080af', 0],
    ['f0908080f4908080', 4],
    ['f09f98', 0],
    ['f5808080', 0],
    ['ff', 0],
  ])('that are not UTF-8 are refused: %s', (hex, at) => {
    const error = thrown(() => string(Buffer.from(hex, 'hex')));
    expect(error.fault).toBe('corrupt');
    expect(error.facts.noticedAt).toBe(at);
  });

  it('are refused exactly where a strict decoder refuses them', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const seed = Date.now() % 1_000_000;
    const random = new RandomSource(seed);
    const bytes = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5];
    for (let i = 0; i < 5000; i++) {
      const data = Buffer.from(Array.from({ length: 1 + random.below(5) }, () => random.pick(bytes)));
      let expected: string | undefined;
      try {
        expected = strict.decode(data);
      } catch {
        expected = undefined;
      }
      const context = `seed ${seed}, ${data.toString('hex')}`;
      if (expected === undefined) expect(() => string(data), context).toThrow(FormatError);
      else expect(JSON.parse(string(data)), context).toBe(expected);
    }
  });
});

describe('bytes', () => {
  it('are the characters U+0000 to U+00FF', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(JSON.parse(latin1(all))).toBe(all.toString('latin1'));
    expect(latin1(Buffer.of(0, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xff))).toBe('"\\u0000\\u001F\\"\\\\\u007f\u0080ÿ"');
  });
});
