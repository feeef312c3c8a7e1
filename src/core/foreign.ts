import type { FlawKind } from './scanner.ts';

/** First bytes of what compressors write. */
const COMPRESSED = [
  [0x1f, 0x8b], // gzip
  [0x78, 0x01], // zlib, by level
  [0x78, 0x5e],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
] as const;

/** How pickles of protocols 0 and 1 begin: dict, list, int, float, long, str, object. They end with a full stop. */
const EARLY_PICKLE = /^(?:\([dl]p\d+\n|[}\]]q|I-?\d+\n|F\S+\n|L-?\d+L?\n|[VS].*\np\d+\n|c[\w.]+\n\w+\n)/;

/** What bytes are that hold no text at all, as far as their first few tell. */
export function foreignFormat(bytes: Uint8Array): FlawKind | undefined {
  if (bytes.length === 0) return 'empty';
  if (isUtf16(bytes)) return 'utf-16';
  if (COMPRESSED.some((magic) => magic.every((byte, index) => byte === bytes[index]))) return 'compressed';
  return isPickle(bytes) ? 'pickled' : undefined;
}

/** By its byte order mark, or by the NUL in every second byte that ASCII characters have there. */
function isUtf16(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  if ((a === 0) === (b === 0)) return false;
  return bytes.length === 2 || ((a === 0) === (c === 0) && (b === 0) === (d === 0));
}

function isPickle(bytes: Uint8Array): boolean {
  const [first, protocol = 0] = bytes;
  if (first === 0x80) return protocol >= 2 && protocol <= 5;
  return bytes.at(-1) === 0x2e && EARLY_PICKLE.test(new TextDecoder('latin1').decode(bytes));
}
