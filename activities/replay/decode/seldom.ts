/** Hands on a value, unless the last one that was handed on came less than so many milliseconds before. */
export function seldom<T>(tell: (value: T) => void, leastMs: number): (value: T) => void {
  let next = -Infinity;
  return (value) => {
    const now = performance.now();
    if (now < next) return;
    next = now + leastMs;
    tell(value);
  };
}
