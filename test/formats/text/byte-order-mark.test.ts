// What people's editors put before a text: a mark that is no part of it, or another encoding altogether.
import { expect, it } from 'vitest';
import { utf8Bytes, utf8Text } from '../../../formats/text/byte-order-mark.ts';

const LITTLE = Buffer.from('\ufeff{}', 'utf16le');

it('takes the byte order mark from the beginning of a text, and nothing else', () => {
  expect(utf8Text(Buffer.from('\ufeff{"a":"\ufeff"}'))).toBe('{"a":"\ufeff"}');
  expect(utf8Text(Buffer.from('{"a":1}'))).toBe('{"a":1}');
  expect(utf8Text(Buffer.from('\ufeff'))).toBe('');
  expect(Buffer.from(utf8Bytes(Buffer.from('\ufeff\ufeffa'))).toString()).toBe('\ufeffa');
});

it.each([
  ['UTF-16 (little endian)', LITTLE],
  ['UTF-16 (big endian)', Buffer.from(LITTLE).swap16()],
  ['UTF-32 (little endian)', Buffer.from('fffe00007b000000', 'hex')],
  ['UTF-32 (big endian)', Buffer.from('0000feff0000007b', 'hex')],
])('calls %s by its name', (name, bytes) => {
  for (const read of [utf8Bytes, utf8Text])
    expect(() => read(bytes)).toThrow(
      expect.objectContaining({
        fault: 'unsupported',
        facts: { position: 0, expected: 'UTF-8', found: name },
      }) as Error,
    );
});
