import * as op from '../opcodes';
import {
  Datum,
  fail,
  readBlock,
  readBoolean,
  readDouble,
  readFloat,
  readIndex,
  readInt,
  readLength,
  readLong,
  take,
} from './datum';
import { putDouble, putFloat, putLong } from './json-numbers';
import { putLatin1, putString } from './json-strings';
import { MARKS, MOST_MARKS, OUTPUT, PROGRAM } from './memory';
import { hasRoom, Output, putByte, putText } from './output';

export { INPUT, INPUT_BYTES, OUTPUT, PROGRAM, PROGRAM_BYTES } from './memory';

/** Instructions that lead to others. What is deeper is left to JavaScript, which has a limit of its own. */
const MOST_DEPTH = 200;

let depth: i32 = 0;
/** Marks of the records at hand. */
let marked: i32 = 0;

/**
 * Takes the datum that lies between two addresses to JSON, by the program. Gives the address behind it, or -1 where it is
 * not for the kernel.
 */
export function transcode(position: i32, end: i32): i32 {
  Datum.position = position;
  Datum.end = end;
  Datum.failed = false;
  Output.at = OUTPUT;
  depth = 0;
  marked = 0;
  run(PROGRAM);
  return Datum.failed ? -1 : Datum.position;
}

/** Bytes that the last datum has become. */
export function written(): i32 {
  return Output.at - OUTPUT;
}

function operand(code: i32, place: i32): i32 {
  return load<i32>(code + 4 * place);
}

function run(start: i32): void {
  if (depth >= MOST_DEPTH) return fail();
  depth++;
  runAll(start);
  depth--;
}

function runAll(start: i32): void {
  let code = start;
  while (!Datum.failed) {
    switch (load<i32>(code)) {
      case op.END:
        return;
      case op.TEXT:
        putText(operand(code, 1), operand(code, 2));
        code += 12;
        break;
      case op.STRING:
        putString(readLength());
        code += 4;
        break;
      case op.UNION: {
        const count = operand(code, 1);
        run(operand(code, 2 + readIndex(count)));
        code += 8 + 4 * count;
        break;
      }
      case op.INT:
        putLong(readInt());
        code += 4;
        break;
      case op.LONG:
        putLong(readLong());
        code += 4;
        break;
      case op.DOUBLE:
        putDouble(readDouble());
        code += 4;
        break;
      case op.RECORD:
        record(operand(code, 1), operand(code, 2));
        code += 12;
        break;
      case op.BOOLEAN: {
        const text = readBoolean() ? 3 : 1;
        putText(operand(code, text), operand(code, text + 1));
        code += 20;
        break;
      }
      case op.ENUM: {
        const count = operand(code, 1);
        const symbol = 2 + 2 * readIndex(count);
        const text = operand(code, symbol);
        if (text === 0) return fail();
        putText(text, operand(code, symbol + 1));
        code += 8 + 8 * count;
        break;
      }
      case op.MAP:
        putBlocks(operand(code, 1), operand(code, 2), 0x7b, 0x7d);
        code += 12;
        break;
      case op.ARRAY:
        putBlocks(operand(code, 1), operand(code, 2), 0x5b, 0x5d);
        code += 12;
        break;
      case op.BYTES:
        putLatin1(readLength());
        code += 4;
        break;
      case op.FIXED: {
        const size = operand(code, 1);
        if (size > Datum.end - Datum.position) return fail();
        putLatin1(size);
        code += 8;
        break;
      }
      case op.FLOAT:
        putFloat(readFloat());
        code += 4;
        break;
      case op.INT_AS_FLOAT:
        putFloat(<f32>readInt());
        code += 4;
        break;
      case op.INT_AS_DOUBLE:
        putDouble(<f64>readInt());
        code += 4;
        break;
      case op.LONG_AS_FLOAT:
        putFloat(<f32>readLong());
        code += 4;
        break;
      case op.LONG_AS_DOUBLE:
        putDouble(<f64>readLong());
        code += 4;
        break;
      case op.FLOAT_AS_DOUBLE:
        putDouble(<f64>readFloat());
        code += 4;
        break;
      case op.MARK:
        store<i32>(MARKS + 4 * (marked - operand(code, 1)), Datum.position);
        code += 8;
        break;
      case op.AT_MARK: {
        const behind = Datum.position;
        Datum.position = load<i32>(MARKS + 4 * (marked - operand(code, 1)));
        run(operand(code, 2));
        Datum.position = behind;
        code += 12;
        break;
      }
      default:
        code = skip(code);
    }
  }
}

/** What is not wanted; gives the address of the next instruction. */
function skip(code: i32): i32 {
  switch (load<i32>(code)) {
    case op.SKIP_BOOLEAN:
      readBoolean();
      return code + 4;
    case op.SKIP_INT:
      readInt();
      return code + 4;
    case op.SKIP_LONG:
      readLong();
      return code + 4;
    case op.SKIP_FIXED:
      take(operand(code, 1));
      return code + 8;
    case op.SKIP_BYTES:
      take(readLength());
      return code + 4;
    case op.SKIP_ENUM:
      readIndex(operand(code, 1));
      return code + 8;
    case op.SKIP_BLOCKS:
      skipBlocks(operand(code, 1), operand(code, 2));
      return code + 12;
    default:
      fail();
      return code;
  }
}

function record(marks: i32, code: i32): void {
  if (marked + marks > MOST_MARKS) return fail();
  marked += marks;
  run(code);
  marked -= marks;
}

/** The items of an array, or the entries of a map, between two brackets. */
function putBlocks(width: i32, item: i32, open: i32, close: i32): void {
  if (!hasRoom(1)) return;
  putByte(open);
  let isFirst = true;
  for (let count = readBlock(width); count > 0; count = readBlock(width)) {
    const end = Datum.blockEnd;
    for (let i: i64 = 0; i < count; i++) {
      if (!hasRoom(1)) return;
      if (!isFirst) putByte(0x2c);
      isFirst = false;
      run(item);
      if (Datum.failed) return;
    }
    if (end >= 0 && Datum.position !== end) return fail();
  }
  if (hasRoom(1)) putByte(close);
}

function skipBlocks(width: i32, item: i32): void {
  for (let count = readBlock(width); count > 0; count = readBlock(width)) {
    if (Datum.blockEnd >= 0) {
      Datum.position = Datum.blockEnd;
      continue;
    }
    for (let i: i64 = 0; i < count; i++) {
      run(item);
      if (Datum.failed) return;
    }
  }
}
