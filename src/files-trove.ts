import { contentOf } from './core/content.ts';
import { decodeBytes } from './core/decode.ts';
import type { ConfigSpec, Fault } from './core/evidence.ts';
import { globOf } from './core/glob.ts';
import { code, type Phrase, phrase, vouch } from './core/phrase.ts';
import type { Content, FileContent, Files, Holding, Trove } from './core/ports.ts';

/**
 * The fallback files of configs, as keys that hold what they say in the encoding of each config. A file that isn't
 * there is a key that isn't. `digest` is that of a content, in hexadecimal.
 */
export function filesTrove(
  specs: readonly ConfigSpec[],
  files: Files,
  digest: (bytes: Uint8Array) => string,
): Trove {
  const encoder = new TextEncoder();
  const byName = new Map(specs.map((spec) => [spec.storedKey, spec]));
  return {
    target: vouch('files'),
    size: async () => specs.length,
    async *names(match, from) {
      // There are few of them: all are one batch.
      if (from !== undefined) return;
      const isMatch = globOf(match);
      const there: Uint8Array[] = [];
      for (const spec of specs) {
        const name = encoder.encode(spec.storedKey);
        if (isMatch(name) && (await contentIn(spec, files)).kind !== 'missing') there.push(name);
      }
      yield { names: there, bookmark: 'end' };
    },
    read: (names) =>
      Promise.all(
        names.map(async (name): Promise<Holding> => {
          const spec = byName.get(new TextDecoder().decode(name));
          if (spec === undefined) return { kind: 'absent' };
          return holdingOf(spec, await contentIn(spec, files), digest);
        }),
      ),
  };
}

/** The first of the candidates that is there. */
async function contentIn({ fallback }: ConfigSpec, files: Files): Promise<FileContent> {
  for (const path of fallback) {
    const content = await files.read(path);
    if (content.kind !== 'missing') return content;
  }
  return { kind: 'missing' };
}

function holdingOf(
  { encoding }: ConfigSpec,
  file: FileContent,
  digest: (bytes: Uint8Array) => string,
): Holding {
  if (file.kind === 'missing') return { kind: 'absent' };
  if (file.kind === 'unreadable') return unreadable(phrase`its fallback cannot be read: ${code(file.why)}`);
  const { bytes } = file;
  const more = { kind: 'held', digest: digest(bytes) } as const;
  if (encoding === 'json') return { ...more, type: 'string', length: bytes.length, bytes };
  if (encoding === 'redisjson') return { ...more, type: 'ReJSON-RL', length: bytes.length, bytes };
  const decoded = decodeBytes(bytes);
  const content: Content | undefined = decoded.ok
    ? contentOf(decoded.value, encoding, { kind: 'absent' })
    : undefined;
  if (content?.kind !== 'fields') return unreadable(phrase`its fallback is none that a hash could hold`);
  return { ...more, type: 'hash', length: content.fields.length, fields: content.fields };
}

function unreadable(said: Phrase): Holding {
  const fault: Fault = {
    reason: 'no-fallback',
    phrase: said,
    advice: phrase`mend the file`,
  };
  return { kind: 'unreadable', fault };
}
