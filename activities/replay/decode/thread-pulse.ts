import type { FunctionKind } from '../functions/function-kinds.ts';

/** What a thread has in hand; a time pattern and functions are the user's, and may never come to an end. */
export const IN_HAND = [
  'decoding',
  'the module',
  'time.pattern',
  'functions.time',
  'functions.filter',
  'functions.transform',
  'functions.encoding',
] as const satisfies readonly (`functions.${FunctionKind}` | 'decoding' | 'the module' | 'time.pattern')[];
export type InHand = (typeof IN_HAND)[number];

const NUMBERS_AT = 16;
export const PULSE_BYTES = NUMBERS_AT + 16;

/**
 * Where a decoding thread says that it moves, and with what: memory that the main thread sees, since one that is in a
 * loop answers no message. It beats with each record and each turn of its event loop. Stores are plain, as one is made
 * for each record; the reader only asks whether anything has changed.
 */
export class ThreadPulse {
  #words = new Int32Array(new SharedArrayBuffer(PULSE_BYTES), 0, 4);
  #numbers = new Float64Array(this.#words.buffer, NUMBERS_AT, 2);

  /** Beats from now on where the main thread looks; nothing is in hand. */
  attach(shared: SharedArrayBuffer): void {
    this.#words = new Int32Array(shared, 0, 4);
    this.#numbers = new Float64Array(shared, NUMBERS_AT, 2);
    this.beat();
  }

  beat(): void {
    this.#words[0] = (this.#words[0]! + 1) | 0;
  }

  /** The file of the split that is read from now on. */
  file(index: number): void {
    this.#words[2] = index;
    this.record(-1, -1);
  }

  /** A record begins: its place in the file as errors tell it, -1 where there is none. */
  record(position: number, ordinal: number): void {
    this.#numbers[0] = position;
    this.#numbers[1] = ordinal;
    this.beat();
  }

  /** Something begins that may not come to an end. */
  begin(what: InHand): void {
    this.#words[1] = IN_HAND.indexOf(what);
  }

  end(): void {
    this.#words[1] = 0;
  }

  /** Beats with the event loop, which may turn for ever while a module that is loaded waits for something. */
  turn(): void {
    if (this.#words[1] !== IN_HAND.indexOf('the module')) this.beat();
  }
}

/** The pulse of this thread: one task at a time runs in it. */
export const pulse = new ThreadPulse();

/** What the main thread reads of it. */
export interface SeenPulse {
  beats: number;
  inHand: InHand;
  file: number;
  position: number | undefined;
  ordinal: number | undefined;
}

export function readPulse(shared: SharedArrayBuffer): SeenPulse {
  const [beats = 0, inHand = 0, file = 0] = new Int32Array(shared, 0, 4);
  const [position = -1, ordinal = -1] = new Float64Array(shared, NUMBERS_AT, 2);
  return {
    beats,
    inHand: IN_HAND[inHand] ?? 'decoding',
    file,
    position: position < 0 ? undefined : position,
    ordinal: ordinal < 0 ? undefined : ordinal,
  };
}
