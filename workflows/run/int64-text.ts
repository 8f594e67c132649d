/** Sum of two 64-bit numbers in decimal. */
export function addText(a: string, b: string): string {
  return (BigInt(a) + BigInt(b)).toString();
}
