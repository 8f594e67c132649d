// What HDFS says with the class IOException alone, and means for good.
import { expect, it } from 'vitest';
import { remoteVerdict } from '../../../../connections/hdfs/http/remote-exception.ts';

const verdict = (message: string) => remoteVerdict({ exception: 'IOException', message }, 403);

it.each([
  "/dest/.rewind/a can't be moved into an encryption zone.",
  "/dest/.rewind/a can't be moved from an encryption zone.",
  "/dest/.rewind/a can't be moved from encryption zone /dest to encryption zone /dest/t.",
  'Rename of /dest/.rewind/a to /dest/t/a is not allowed, no eligible destination in the same namespace was found.',
])('refuses for good what no rename leads to: %s', (message) => {
  expect(verdict(message)).toMatchObject({
    fault: 'refused',
    remedy: expect.stringMatching('encryption zone') as string,
  });
});

it('tries again what it says nothing more of', () => {
  expect(verdict('File system closed')).toMatchObject({ fault: 'unavailable' });
});
