import type { ConfigReport } from './verdict.ts';

/** Commands for a shell that put a config right, one a line; a line that begins with `#` explains the next. */
export function remedies(config: ConfigReport): readonly string[] {
  const { name, key, status, fallback, hasFallback, holdsSecrets, findings } = config;
  const isSound = hasFallback && !findings.some(({ claim }) => claim === 'fallback');
  if (fallback === undefined || !isSound || (status !== 'INVALID' && status !== 'DRIFT')) return [];
  if (holdsSecrets) {
    return [
      `# ${name}: its value holds secrets that git has not, so it is not copied: change the places above`,
    ];
  }
  // With -e a refusal of the server ends the line; each step is taken only after the one before. A copy takes the
  // time to live along, and a key that is gone reads as an empty line.
  const redis = 'redis-cli -e -u "$REDIS_URL"';
  const [at, file] = [quoted(key), quoted(fallback.replace(/^-/, './-'))];
  const toRedis = [
    `# ${name}: git is right. Copy what is in Redis to another key, then write the fallback`,
    `copy=${at}.before-$(date +%s) && test -r ${file} && ${redis} COPY ${at} "$copy" && ${redis} PERSIST "$copy" && ${redis} -x SET ${at} < ${file}`,
  ];
  const toGit = [
    `# ${name}: Redis is right. Bring its value into git`,
    `${redis} --raw GET ${at} > ${file}.new && grep -q . ${file}.new && mv ${file}.new ${file}`,
  ];
  return status === 'INVALID' ? toRedis : [...toRedis, ...toGit];
}

/** As a POSIX shell reads it: a name may hold anything. */
function quoted(text: string): string {
  return /^[\w.,/:@%+=][\w.,/:@%+=-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
