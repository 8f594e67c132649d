/** A Hadoop glob that stands for this very path: a folder's name is no pattern, whatever characters it has. */
export function literalGlob(path: string): string {
  return path.replace(/[\\*?[\]{}]/g, '\\$&');
}
