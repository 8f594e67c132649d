import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ReplayedMessage } from '../../support/replay-harness.ts';
import { sameJson } from '../../support/same-json.ts';

export const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** Lines of an expected file: they end with U+000A and with nothing else. */
export async function expectedLines(path: string): Promise<Buffer[]> {
  const bytes = await readFile(`${FIXTURES}/expected/${path}`);
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    lines.push(bytes.subarray(at, end < 0 ? bytes.length : end));
    at = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** The messages are these values, byte for byte, in this order. */
export function expectValues(messages: readonly ReplayedMessage[], values: readonly Buffer[]): void {
  expect(messages.length).toBe(values.length);
  for (const [index, value] of values.entries())
    if (!messages[index]!.value.equals(value))
      expect(`${index}: ${messages[index]!.value.toString()}`).toBe(`${index}: ${value.toString()}`);
}

/** The messages are this JSON, but for the spelling of floating-point numbers. */
export function expectJson(messages: readonly ReplayedMessage[], lines: readonly Buffer[]): void {
  expect(messages.length).toBe(lines.length);
  for (const [index, line] of lines.entries()) {
    const [found, expected] = [messages[index]!.value.toString(), line.toString()];
    if (!sameJson(found, expected)) expect(`${index}: ${found}`).toBe(`${index}: ${expected}`);
  }
}
