import type { Tools } from '../evolution/tools.ts';

/** Milliseconds that one comparison may take. */
const LONGEST = 2000;

/** Loaded when two schemas have to be compared, which most runs needn't. */
export async function evolutionTools(): Promise<Tools> {
  const [{ refaLanguages }, { holdsFormat }, { bounded, TooSlow }] = await Promise.all([
    import('../adapters/refa/languages.ts'),
    import('../adapters/ajv/format-test.ts'),
    import('../adapters/ajv/bounded.ts'),
  ]);
  const within = bounded(LONGEST);
  return {
    languages: refaLanguages(),
    holdsFormat,
    inTime(run) {
      try {
        return within(run);
      } catch (error) {
        if (error instanceof TooSlow) return undefined;
        throw error;
      }
    },
  };
}
