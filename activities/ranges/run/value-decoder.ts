import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { exactJson } from '../../replay/functions/exact-json.ts';
import type { LeftReason } from '../../log/left-reasons.ts';

/** A value that is not what the input's `decode` says. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
  readonly reason: LeftReason;

  constructor(reason: LeftReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Decodes the value of a record, which is not null. @throws Undecodable */
export interface ValueDecoder {
  /** A promise only where a schema must be loaded first. */
  decode(record: RecordCursor, signal: AbortSignal): unknown;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export const TEXT: ValueDecoder = { decode: textOf };

export const JSON_VALUES: ValueDecoder = {
  decode: (record) => {
    const text = textOf(record);
    try {
      return exactJson(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new Undecodable('corrupt', `expected JSON, found ${JSON.stringify(text.slice(0, 60))}: ${error.message}`);
    }
  },
};

function textOf({ bytes, valueStart, valueEnd }: RecordCursor): string {
  try {
    return utf8.decode(bytes.subarray(valueStart, valueEnd));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const found = bytes.toString('hex', valueStart, Math.min(valueEnd, valueStart + 16));
    throw new Undecodable('corrupt', `expected text in UTF-8, found bytes that are none, beginning with ${found}`);
  }
}
