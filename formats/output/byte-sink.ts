/** Where the bytes of a file that is being written go. */
export interface ByteSink {
  /**
   * Takes a chunk, which its writer won't touch again. A promise: there is room for more once it resolves; what is
   * written before that is taken all the same.
   */
  write(chunk: Uint8Array): Promise<void> | undefined;
}
