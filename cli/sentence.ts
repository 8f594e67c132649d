/** A text of somebody else's without its full stop, to be put into a sentence. */
export function withoutEnd(text: string): string {
  return text.trim().replace(/[.\s]+$/, '');
}
