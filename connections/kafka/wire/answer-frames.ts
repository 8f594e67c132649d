const SIZE_BYTES = 4;
/** Of what a peer calls an answer no more is reserved at once: one that doesn't speak Kafka may call it anything. */
const LARGEST_RESERVED = 64 * 1024 * 1024;

/**
 * Puts together the answers of a broker from the bytes of its connection, each in memory of its own: its size, four bytes in
 * network order, and as many bytes as that says.
 */
export class AnswerFrames {
  readonly #size = Buffer.alloc(SIZE_BYTES);
  /** The answer at hand, its size included; undefined up to there. */
  #frame: Buffer | undefined;
  /** Bytes of it that are there, or of its size. */
  #filled = 0;
  /** Bytes of an answer that are handed on as they come. */
  #passed = 0;

  /** Takes bytes, which may be written to again behind this call; `hand` is given each answer when it is whole. */
  take(bytes: Buffer, hand: (answer: Buffer) => void): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#passed > 0) {
        const end = Math.min(bytes.length, at + this.#passed);
        this.#passed -= end - at;
        hand(Buffer.from(bytes.subarray(at, end)));
        at = end;
        continue;
      }
      const into = this.#frame ?? this.#size;
      const copied = bytes.copy(into, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < into.length) return;
      if (this.#frame === undefined) this.#begin(hand);
      else this.#end(hand);
    }
  }

  /** The size is there. */
  #begin(hand: (answer: Buffer) => void): void {
    const size = this.#size.readInt32BE(0);
    if (size < 0 || size > LARGEST_RESERVED) {
      this.#filled = 0;
      this.#passed = Math.max(0, size);
      return hand(Buffer.from(this.#size));
    }
    this.#frame = Buffer.allocUnsafeSlow(SIZE_BYTES + size);
    this.#size.copy(this.#frame);
    if (size === 0) this.#end(hand);
  }

  #end(hand: (answer: Buffer) => void): void {
    const answer = this.#frame!;
    this.#frame = undefined;
    this.#filled = 0;
    hand(answer);
  }
}
