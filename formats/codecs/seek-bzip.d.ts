declare module 'seek-bzip' {
  interface ByteInput {
    readByte(): number;
    read(buffer: Uint8Array, offset: number, length: number): number;
  }
  interface ByteOutput {
    writeByte(byte: number): void;
  }
  const seekBzip: {
    /** Decodes one stream; the input then stands behind it. */
    decode(input: ByteInput, output: ByteOutput): void;
  };
  export default seekBzip;
}
