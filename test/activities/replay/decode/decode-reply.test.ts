// Errors come out of a decoding thread as what they went in: class, code, message, stack and plain facts.
import { describe, expect, it } from 'vitest';
import { errorFromReply, replyOfError } from '../../../../activities/replay/decode/decode-reply.ts';
import { JobError } from '../../../../activities/step/job-error.ts';
import { ConnectionError } from '../../../../connections/connection-error.ts';
import { FormatError } from '../../../../formats/format-error.ts';

const throughThread = (error: unknown): Error => errorFromReply(structuredClone(replyOfError(error)));

describe('an error on its way out of a thread', () => {
  it.each([
    new JobError('file-unusable', 'what to do', { path: '/f' }),
    new FormatError('truncated', 'cut', { position: 5, noticedAt: 9, ordinal: 2, expected: 'a', found: 'b' }),
    new ConnectionError('unavailable', 'away', { path: '/f', status: 503 }),
    new Error('ours'),
  ])('stays a $name', (error) => {
    const arrived = throughThread(error);
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(arrived).toEqual(error);
    expect(arrived.stack).toBe(error.stack);
  });

  it('leaves behind facts that can not be cloned', () => {
    const error = new FormatError('corrupt', 'm', { position: 1, cause: () => undefined });
    expect((throughThread(error) as FormatError).facts).toEqual({ position: 1 });
  });

  it('is an Error whatever was thrown', () => {
    expect(throughThread('a text')).toMatchObject({ message: 'a text' });
  });
});
