/** Bytes of JSON that a range's summary may have, and what `finish` returns. */
export const MOST_SUMMARY_BYTES = 64 * 1024;
export const MOST_RESULT_BYTES = 16 * 1024;

/** What a function returned must be small JSON: it says what was done, and is not the data. */
export class NoSummary extends Error {
  override readonly name = 'NoSummary';
}

/** The JSON of what a function returned; nothing is null. @throws NoSummary */
export function summaryJson(value: unknown, mostBytes: number): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value ?? null);
  } catch (error) {
    // Of a BigInt, a circle, or a toJSON of its own.
    throw new NoSummary(`returned what can't be JSON: ${(error as Error).message}; write BigInts as texts`);
  }
  if (json === undefined) throw new NoSummary(`returned a ${typeof value}, which can't be JSON`);
  const bytes = Buffer.byteLength(json);
  if (bytes > mostBytes)
    throw new NoSummary(
      `returned ${bytes} bytes of JSON, and at most ${mostBytes} are kept: write what is larger where it belongs, and return its name`,
    );
  return json;
}
