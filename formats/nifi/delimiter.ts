/** Between the parts of a line, where the job says nothing. */
export const NIFI_DELIMITER = '<@>';

/** What is expected of a delimiter, for messages; see `isNifiDelimiter`. */
export const EXPECTED_DELIMITER = 'expected a text that begins with no digit and holds no line feed, such as <@>';

/** Whether the parts of a line can be told apart by it: offsets end where it begins, lines with a line feed. */
export function isNifiDelimiter(text: string): boolean {
  return text !== '' && !/^\d/.test(text) && !text.includes('\n');
}
