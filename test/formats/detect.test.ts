// Proves that a file is taken for what its bytes say, then for what its name says, and never for something it is not.
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../formats/byte-source.ts';
import { detectFormat } from '../../formats/detect.ts';
import { fixture, fixturesBelow } from './support/fixture-files.ts';

const detect = (bytes: Buffer, name: string) => detectFormat(bytesSource(bytes), name);

describe('every fixture', () => {
  it.each([
    ['camus/dest', { format: 'avro' }],
    ['seqtext', { format: 'sequence-file' }],
    ['avroseq', { format: 'sequence-file' }],
    ['text/clicks_plain', { format: 'text', compression: 'none' }],
    ['text/clicks_gzip', { format: 'text', compression: 'gzip' }],
    ['text/clicks_deflate', { format: 'text', compression: 'zlib' }],
    ['text/clicks_snappy', { format: 'text', compression: 'snappy' }],
    ['nifi', { format: 'text', compression: 'none' }],
  ])('below %s is %j', async (folder, expected) => {
    for (const path of fixturesBelow(folder).filter((one) => !/\/[._]|_COPYING_|json$/.test(one)))
      expect(await detect(fixture(path), path)).toEqual(expected);
  });
});

describe('bytes count before names', () => {
  it.each<[string, string, object]>([
    ['1f8b08', 'lines.txt', { format: 'text', compression: 'gzip' }],
    ['28b52ffd', 'lines.txt', { format: 'text', compression: 'zstandard' }],
    ['4f626a01', 'x.gz', { format: 'avro' }],
    ['53455106', 'x.gz', { format: 'sequence-file' }],
    ['50415231', 'x.gz', { format: 'parquet' }],
    ['789c', 'lines', { format: 'text', compression: 'zlib' }],
  ])('%s named %s', async (hex, name, expected) =>
    expect(await detect(Buffer.from(hex, 'hex'), name)).toEqual(expected),
  );
});

describe('names count where bytes say nothing', () => {
  it.each<[string, string, object]>([
    ['hello', 'a.gz', { format: 'text', compression: 'gzip' }],
    ['', 'a.avro', { format: 'avro' }],
    ['', 'a.seq', { format: 'sequence-file' }],
    ['', 'a.log', { format: 'text', compression: 'none' }],
    ['\0\0\0\x05', 'a.SNAPPY', { format: 'text', compression: 'snappy' }],
    ['\0\0\0\x05', 'a.lz4', { format: 'text', compression: 'lz4' }],
    ['x^ is text', 'a', { format: 'text', compression: 'none' }],
    ['SEQUENCE', 'a', { format: 'text', compression: 'none' }],
    ['hC', 'a', { format: 'text', compression: 'none' }],
    ['BZh9 is a word', 'a', { format: 'text', compression: 'none' }],
  ])('%j named %s', async (text, name, expected) => expect(await detect(Buffer.from(text), name)).toEqual(expected));
});

it.each(['425a6839314159265359', 'fd377a585a000004', '4f5243'])('%s is refused by name', async (hex) => {
  await expect(detect(Buffer.from(hex, 'hex'), 'a')).rejects.toThrow('is not read');
});

it('text in UTF-16 is refused by its name, and bytes that a name tells are not taken for it', async () => {
  const little = Buffer.from('\ufeff{"a":1}\n', 'utf16le');
  await expect(detect(little, 'a.json')).rejects.toThrow('text in UTF-16 (little endian) is not read');
  await expect(detect(Buffer.from(little).swap16(), 'a')).rejects.toThrow('text in UTF-16 (big endian) is not read');
  expect(await detect(Buffer.from('0000feff00000000', 'hex'), 'a.snappy')).toEqual({
    format: 'text',
    compression: 'snappy',
  });
  expect(await detect(Buffer.from('\ufeff{"a":1}\n'), 'a')).toEqual({ format: 'text', compression: 'none' });
});
