import { describe, expect, test } from 'vitest';
import { cookieJar } from '../../src/adapters/endpoint/cookies.ts';
import { hiddenInput, metaContent } from '../../src/adapters/endpoint/html.ts';

describe('the token of a page', () => {
  test.each<[string, string, string | undefined]>([
    ['in quotes', '<input type="hidden" name="csrf_token" value="a b">', 'a b'],
    ['in single quotes, in another order', "<input value='a\"b' name='csrf_token'/>", 'a"b'],
    ['without quotes', '<INPUT NAME=csrf_token VALUE=ab/c>', 'ab/c'],
    ['over lines', '<input\n\tname\n=\r\n"csrf_token"\n value = "ab">', 'ab'],
    [
      'with references',
      '<input name="csrf&#95;token" value="&lt;&#x41;&amp;&quot;&nope;&#0;&">',
      '<A&"&nope;&#0;&',
    ],
    ['behind other inputs', '<input><input name=x value=y><input name=csrf_token value=ab>', 'ab'],
    [
      'behind a letter that is longer when small',
      'İ<script>İ</SCRIPT><input name=csrf_token value=ab>',
      'ab',
    ],
    ['behind an attribute with a bracket', '<p title="<input>"><input name=csrf_token value=ab>', 'ab'],
    ['given twice', '<input name=csrf_token value=ab name=x value=y>', 'ab'],
    ['in a comment', '<!-- <input name=csrf_token value=ab> -->', undefined],
    ['in a script', '<script>"<input name=csrf_token value=ab>"</script>', undefined],
    ['in a comment without an end', '<!-- <input name=csrf_token value=ab>', undefined],
    ['in a tag without an end', '<input name=csrf_token value="ab', undefined],
    ['that is empty', '<input name=csrf_token value="">', undefined],
    ['of another name', '<input name=CSRF_TOKEN value=ab>', undefined],
    ['in text alone', 'a < b name=csrf_token value=ab>', undefined],
    ['nowhere', '', undefined],
  ])('%s', (_fact, html, expected) => {
    expect(hiddenInput(html, 'csrf_token')).toBe(expected);
  });

  test('may stand in a meta element', () => {
    expect(metaContent('<meta charset=utf-8><meta content=ab name=csrf-token>', 'csrf-token')).toBe('ab');
  });

  test.each(['<', '<input ', '<input name="', '<!--', '<script>', '<input =', '<a a', '</script', '<input/'])(
    'is looked for in time among many %j',
    (piece) => {
      const start = performance.now();
      hiddenInput(piece.repeat(Math.ceil(1024 ** 2 / piece.length)), 'csrf_token');
      expect(performance.now() - start).toBeLessThan(2000);
    },
  );
});

describe('cookies', () => {
  test.each<[string, readonly string[], string]>([
    ['are sent as they were set', ['a=b=c; Path=/; HttpOnly; Secure', 'd="e"'], 'a=b=c; d="e"'],
    ['are replaced', ['a=1', 'a=2'], 'a=2'],
    ['are taken away by an empty value', ['a=1; Path=/', 'a=; Path=/; Max-Age=0'], ''],
    [
      'of another path are kept back',
      ['a=1; path=/elsewhere', 'b=2; Path=/api', 'c=3; Path=relative'],
      'b=2; c=3',
    ],
    ['without a name are none', ['=1', 'a', ''], ''],
    ['of great length are none', [`a=${'x'.repeat(5000)}`], ''],
  ])('%s', (_fact, headers, expected) => {
    const jar = cookieJar();
    jar.take(headers);
    expect(jar.headerFor('/api/x')).toBe(expected);
  });
});
