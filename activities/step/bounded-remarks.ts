/** A payload stays small whatever there is to remark: a result is the sum of several steps. */
const MOST = 20;
const MOST_BYTES = 8 * 1024;
const LONGEST = 1024;

/**
 * The first remarks, as many as a step may hand on, and the number of the others.
 *
 * @param where they all stand, as a path
 */
export function boundedRemarks(remarks: readonly string[], where?: string): string[] {
  const kept: string[] = [];
  let bytes = 0;
  for (const remark of remarks) {
    const short = shortened(remark, LONGEST);
    bytes += Buffer.byteLength(short);
    if (kept.length === MOST || bytes > MOST_BYTES) break;
    kept.push(short);
  }
  const more = remarks.length - kept.length;
  if (more === 0) return kept;
  return [...kept, `and ${more} more remarks${where === undefined ? '' : `: all of them are in ${where}`}`];
}

/** A step's result with no more remarks than it may hand on: for what an older release has put in place, as well. */
export function withBoundedRemarks<O>(output: O): O {
  if (typeof output !== 'object' || output === null || !('remarks' in output) || !Array.isArray(output.remarks))
    return output;
  const remarks = output.remarks.map(String);
  // What was bounded before has one line more, which counts the others.
  if (remarks.length <= MOST + 1 && Buffer.byteLength(remarks.join('')) <= 2 * MOST_BYTES) return output;
  return { ...output, remarks: boundedRemarks(remarks) };
}

/** The beginning of a text that is longer. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} ... (${text.length - most} more characters)`;
}
