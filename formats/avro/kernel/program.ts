import { END, TEXT } from './opcodes.ts';

/** What instructions are made of: numbers, and the addresses of other instructions and of texts. */
type Word = number | Code | Text;

/** Bytes that are written as they are. */
export class Text {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The two operands that it is. */
  get operands(): [Text, number] {
    return [this, this.bytes.length];
  }
}

/** Instructions in a row. */
export class Code {
  readonly words: Word[] = [];
  #text: Uint8Array = new Uint8Array(0);

  /** Texts that meet become one. */
  addText(bytes: Uint8Array): void {
    this.#text = Buffer.concat([this.#text, bytes]);
  }

  add(...words: Word[]): void {
    if (this.#text.length > 0) {
      const text = new Text(this.#text);
      this.#text = new Uint8Array(0);
      this.words.push(TEXT, ...text.operands);
    }
    this.words.push(...words);
  }

  end(): void {
    this.add(END);
  }
}

/** Texts are read sixteen bytes at once. */
const TEXT_ALIGNMENT = 16;

/**
 * Puts instructions, and all that they lead to, one behind the other, texts behind them. They are as they must be in
 * memory from `base` on, where they begin with those of `main`.
 */
export function linked(main: Code, base: number): Uint8Array {
  const codes = new Map<Code, number>();
  const texts = new Map<string, number>();
  let end = base;
  for (const code of reachable(main)) {
    codes.set(code, end);
    end += code.words.length * 4;
  }
  const contents: { at: number; bytes: Uint8Array }[] = [];
  const textAt = ({ bytes }: Text): number => {
    const name = Buffer.from(bytes).toString('latin1');
    let at = texts.get(name);
    if (at === undefined) {
      at = end;
      end += Math.ceil(bytes.length / TEXT_ALIGNMENT) * TEXT_ALIGNMENT;
      texts.set(name, at);
      contents.push({ at, bytes });
    }
    return at;
  };
  const words = [...codes.keys()].flatMap(({ words: of }) =>
    of.map((word) => (typeof word === 'number' ? word : word instanceof Text ? textAt(word) : codes.get(word)!)),
  );
  const image = new Uint8Array(end - base);
  const view = new DataView(image.buffer);
  for (const [place, word] of words.entries()) view.setInt32(place * 4, word, true);
  for (const { at, bytes } of contents) image.set(bytes, at - base);
  return image;
}

function reachable(main: Code): Set<Code> {
  const found = new Set([main]);
  for (const code of found) for (const word of code.words) if (word instanceof Code) found.add(word);
  return found;
}
