import type { JsonType } from './json.ts';
import type { Pointer } from './pointer.ts';

export type FlawKind =
  | 'empty'
  | 'not-utf8'
  | 'utf-16'
  | 'compressed'
  | 'pickled'
  | 'byte-order-mark'
  | 'python-literal'
  | 'non-finite'
  | 'syntax'
  | 'too-deep'
  | 'double-encoded'
  | 'duplicate-name'
  | 'unsafe-integer'
  | 'number-overflow';

/** What is wrong with a document, and where. Never a piece of the document itself: values are secret. */
export interface Flaw {
  readonly kind: FlawKind;
  /** UTF-16 code units into the text; for `not-utf8` bytes into the input; 0 when there is no text. */
  readonly offset: number;
  /** The value concerned; for `syntax` between two values, their container. */
  readonly pointer: Pointer;
  /** For `double-encoded`: the type of the value inside the string (however often it was encoded). */
  readonly inner?: JsonType;
}

/** How many containers may lie within one another. */
export const MAX_DEPTH = 512;

/** How many NaNs and Infinities of one document are listed. */
const MAX_NON_FINITE = 20;

export const BYTE_ORDER_MARK = '\uFEFF';

/** Told of the root, every member (at its name) and every item, in document order. The path changes afterwards. */
export type Visit = (path: Pointer, offset: number) => void;

/** Told of every value where it ends, after all that lies in it. The path changes afterwards. */
export type Leave = (path: Pointer, start: number, end: number) => void;

const NON_FINITE = /^(?:NaN|-?Infinity)\b/;
const PYTHON_LITERAL = /^(?:(?:None|True|False)\b|[bu]?'|b")/;
const LONGEST_WORD = '-Infinity'.length;

const SPACE = 0x20;
export const QUOTE = 0x22;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;

/**
 * Reads exactly RFC 8259 from one text, once, and notes every flaw. A step that answers false has met the end of what
 * can be read and noted why. Recursion is bounded by MAX_DEPTH.
 */
export class Scanner {
  readonly flaws: Flaw[] = [];
  readonly #text: string;
  readonly #visit: Visit | undefined;
  readonly #leave: Leave | undefined;
  readonly #path: string[] = [];
  #offset = 0;
  #nonFinite = 0;

  constructor(text: string, visit?: Visit, leave?: Leave) {
    this.#text = text;
    this.#visit = visit;
    this.#leave = leave;
  }

  /** Reads the whole text; true when it is a JSON document. */
  document(): boolean {
    if (this.#text.startsWith(BYTE_ORDER_MARK)) {
      this.#note('byte-order-mark', 0);
      this.#offset = 1;
    }
    this.#skipBlanks();
    if (this.#atEnd()) return this.#refuse('empty', 0);
    this.#visit?.(this.#path, this.#offset);
    if (!this.#value()) return false;
    this.#skipBlanks();
    return this.#atEnd() ? this.#nonFinite === 0 : this.#refuse('syntax', this.#offset);
  }

  #value(): boolean {
    const start = this.#offset;
    if (!this.#anyValue()) return false;
    this.#leave?.(this.#path, start, this.#offset);
    return true;
  }

  #anyValue(): boolean {
    switch (this.#text[this.#offset]) {
      case '"':
        return this.#string();
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case 't':
        return this.#word('true');
      case 'f':
        return this.#word('false');
      case 'n':
        return this.#word('null');
      default:
        return this.#number();
    }
  }

  #object(): boolean {
    if (!this.#open()) return false;
    if (this.#accept('}')) return true;
    const names = new Set<string>();
    do {
      if (!this.#member(names)) return false;
    } while (this.#accept(','));
    return this.#expect('}');
  }

  #member(names: Set<string>): boolean {
    this.#skipBlanks();
    const start = this.#offset;
    if (this.#text[start] !== '"') return this.#refuseWord(start, start);
    if (!this.#string()) return false;
    const name: string = JSON.parse(this.#text.slice(start, this.#offset));
    this.#path.push(name);
    this.#visit?.(this.#path, start);
    if (names.has(name)) this.#note('duplicate-name', start);
    else names.add(name);
    if (!this.#expect(':')) return false;
    this.#skipBlanks();
    if (!this.#value()) return false;
    this.#path.pop();
    return true;
  }

  #array(): boolean {
    if (!this.#open()) return false;
    if (this.#accept(']')) return true;
    let index = 0;
    do {
      this.#skipBlanks();
      this.#path.push(String(index));
      this.#visit?.(this.#path, this.#offset);
      if (!this.#value()) return false;
      this.#path.pop();
      index += 1;
    } while (this.#accept(','));
    return this.#expect(']');
  }

  #open(): boolean {
    if (this.#path.length === MAX_DEPTH) return this.#refuse('too-deep', this.#offset);
    this.#offset += 1;
    return true;
  }

  #string(): boolean {
    const text = this.#text;
    let offset = this.#offset + 1;
    for (let code = text.charCodeAt(offset); code !== QUOTE; code = text.charCodeAt(offset)) {
      if (code === BACKSLASH) {
        const end = escapeEnd(text, offset);
        if (end < 0) return this.#refuse('syntax', -end);
        offset = end;
      } else if (code >= SPACE) {
        offset += 1;
      } else {
        return this.#refuse('syntax', offset); // a control character, or NaN at the end of the text
      }
    }
    this.#offset = offset + 1;
    return true;
  }

  #word(word: string): boolean {
    const start = this.#offset;
    for (let index = 1; index < word.length; index += 1) {
      if (this.#text[start + index] !== word[index]) return this.#refuse('syntax', start + index);
    }
    this.#offset = start + word.length;
    return true;
  }

  /** Also where everything ends up that begins like no value at all. */
  #number(): boolean {
    const text = this.#text;
    const start = this.#offset;
    const integer = text[start] === '-' ? start + 1 : start;
    let end = text[integer] === '0' ? integer + 1 : digitsEnd(text, integer);
    if (end === integer) return this.#nonFiniteNumber(start) || this.#refuseWord(start, integer);
    if (text[end] === '.') {
      const fraction = end + 1;
      end = digitsEnd(text, fraction);
      if (end === fraction) return this.#refuse('syntax', end);
    }
    if (text[end] === 'e' || text[end] === 'E') {
      const sign = text[end + 1];
      const exponent = sign === '-' || sign === '+' ? end + 2 : end + 1;
      end = digitsEnd(text, exponent);
      if (end === exponent) return this.#refuse('syntax', end);
    }
    this.#noteLoss(Number(text.slice(start, end)), start);
    this.#offset = end;
    return true;
  }

  #noteLoss(value: number, offset: number): void {
    if (!Number.isFinite(value)) this.#note('number-overflow', offset);
    // No fraction survives beyond the safe range: every double there is an integer, however it was spelled.
    else if (Math.abs(value) > Number.MAX_SAFE_INTEGER) this.#note('unsafe-integer', offset);
  }

  #nonFiniteNumber(start: number): boolean {
    const word = NON_FINITE.exec(this.#wordAt(start));
    if (word === null) return false;
    if (this.#nonFinite < MAX_NON_FINITE) this.#note('non-finite', start);
    this.#nonFinite += 1;
    this.#offset = start + word[0].length;
    return true;
  }

  #refuseWord(start: number, wrong: number): false {
    const python = PYTHON_LITERAL.test(this.#wordAt(start));
    return python ? this.#refuse('python-literal', start) : this.#refuse('syntax', wrong);
  }

  /** Enough text to recognise a word by, and that it ends there. */
  #wordAt(start: number): string {
    return this.#text.slice(start, start + LONGEST_WORD + 1);
  }

  #skipBlanks(): void {
    let offset = this.#offset;
    while (isBlank(this.#text.charCodeAt(offset))) offset += 1;
    this.#offset = offset;
  }

  #atEnd(): boolean {
    return this.#offset === this.#text.length;
  }

  #accept(mark: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#offset] !== mark) return false;
    this.#offset += 1;
    return true;
  }

  #expect(mark: string): boolean {
    return this.#accept(mark) || this.#refuse('syntax', this.#offset);
  }

  #refuse(kind: FlawKind, offset: number): false {
    this.#note(kind, offset);
    return false;
  }

  #note(kind: FlawKind, offset: number): void {
    this.flaws.push({ kind, offset, pointer: [...this.#path] });
  }
}

/** The offset after the escape that begins here, or the negated offset of the character that spoils it. */
function escapeEnd(text: string, backslash: number): number {
  const kind = backslash + 1;
  if (text[kind] !== 'u') return /["\\/bfnrt]/.test(text.charAt(kind)) ? kind + 1 : -kind;
  const end = kind + 5;
  for (let digit = kind + 1; digit < end; digit += 1) {
    if (!isHexDigit(text.charCodeAt(digit))) return -digit;
  }
  return end;
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  const lowerCase = code | 0x20;
  return isDigit(code) || (lowerCase >= 0x61 && lowerCase <= 0x66);
}
