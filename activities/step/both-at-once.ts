/**
 * Does two things at once. Where one fails the other is told to end, and has ended when that is thrown.
 *
 * @param context what both are given, each time with a signal that is aborted with this one, or where the other fails
 */
export async function bothAtOnce<C extends { signal: AbortSignal }, A, B>(
  context: C,
  first: (own: C) => Promise<A>,
  second: (own: C) => Promise<B>,
): Promise<[A, B]> {
  const ending = new AbortController();
  const own = { ...context, signal: AbortSignal.any([context.signal, ending.signal]) };
  const both = [first(own), second(own)] as const;
  try {
    return await Promise.all(both);
  } catch (error) {
    ending.abort();
    await Promise.allSettled(both);
    throw error;
  }
}
