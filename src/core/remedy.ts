import type { ConfigReport } from './verdict.ts';

/** Commands for a shell that put a config right, one a line; a line that begins with `#` explains the next. */
export function remedies({
  name,
  key,
  status,
  fallback,
  holdsSecrets,
  findings,
}: ConfigReport): readonly string[] {
  const isFallbackSound =
    fallback !== undefined &&
    !findings.some(({ claim, reason }) => claim === 'fallback' || reason === 'no-fallback');
  if (!isFallbackSound || (status !== 'INVALID' && status !== 'DRIFT')) return [];
  const redis = 'redis-cli -u "$REDIS_URL"';
  if (status === 'DRIFT' && holdsSecrets) {
    return [
      `# ${name}: its value holds secrets, so neither side can be copied whole: change the places above`,
    ];
  }
  const toRedis = [
    `# ${name}: git is right. Keep what is in Redis under another name, then write the fallback`,
    `${redis} RENAMENX ${quoted(key)} ${quoted(key)}.before-$(date +%s)`,
    `${redis} -x SET ${quoted(key)} < ${quoted(fallback)}`,
  ];
  const toGit = [
    `# ${name}: Redis is right. Bring its value into git`,
    `${redis} --raw GET ${quoted(key)} > ${quoted(fallback)}`,
  ];
  return status === 'INVALID' ? toRedis : [...toRedis, ...toGit];
}

/** As a POSIX shell reads it: a name may hold anything. */
function quoted(text: string): string {
  return /^[\w.,/:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
