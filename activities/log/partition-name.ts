/** A partition as messages and keys have it. */
export function partitionName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
