import { parseRequest } from './resp.ts';

/** What a client has sent and wasn't sent on. */
export function startRequests() {
  let chunks: Buffer[] = [];
  let [size, wanted] = [0, 1];
  let next: { readonly end: number; readonly words: readonly string[] } | undefined;
  const whole = () => {
    const [first] = chunks;
    const all = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  return {
    add(chunk: Buffer) {
      chunks.push(chunk);
      size += chunk.length;
    },
    /** The words of the first one that is whole. */
    peek(): { readonly words: readonly string[] } | 'nonsense' | undefined {
      if (next !== undefined) return next;
      if (size < wanted) return undefined;
      const parsed = parseRequest(whole());
      if (parsed.kind === 'nonsense') return 'nonsense';
      if (parsed.kind === 'request') next = parsed.request;
      else wanted = parsed.wanted;
      return next;
    },
    /** The bytes of that one. */
    take(): Buffer {
      const bytes = whole();
      const end = next?.end ?? 0;
      next = undefined;
      [chunks, size, wanted] = [[bytes.subarray(end)], bytes.length - end, 1];
      return bytes.subarray(0, end);
    },
    takeAll(): Buffer {
      const bytes = whole();
      [chunks, size, wanted, next] = [[], 0, 1, undefined];
      return bytes;
    },
  };
}
