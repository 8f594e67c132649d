// Proves that the archive's side of a comparison has a record in the bucket where the other side has it, whose time is
// none that Kafka can hold: a replay gives it the beginning of 1970, and the source topic never had it.
import { expect, it } from 'vitest';
import { appendKey, beginBody, beginValue, CLAMPED, endValue } from '../../../activities/replay/record/record-body.ts';
import { BodyRecord } from '../../../activities/verify/content/body-record.ts';
import { SortBuffer } from '../../../formats/sorted/sort/sort-buffer.ts';

function clamped(): SortBuffer {
  const buffer = new SortBuffer({ capacity: 1024 });
  buffer.startSplit();
  const out = buffer.begin();
  beginBody(out, CLAMPED, -1, 0xffffff00);
  appendKey(out, undefined);
  const start = beginValue(out);
  out.append(Buffer.from('value'));
  endValue(out, start);
  buffer.commit(-1, 0xffffff00, 0, 0, 0);
  return buffer;
}

it.each([
  ['published', 0],
  ['whole', Number.NaN],
  ['value', Number.NaN],
] as const)('has a clamped time, compared as %s, at %s', (content, time) => {
  const body = new BodyRecord(content);
  body.read(clamped(), 0);
  expect(body.time).toBe(time);
});
