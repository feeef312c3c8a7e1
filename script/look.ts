import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';
import { type Browser, chromium } from 'playwright-core';

/**
 * Draws the comments of `test/reporters/golden/comments` as a pull request shows them, in light and in dark, and
 * says where the pictures are: `npm run look`. It needs Chromium (`apt-get install chromium`, or its path in
 * `CHROMIUM`), and fails when a comment shows its mark or is wider than the page.
 */

const folder = fileURLToPath(new URL('../test/reporters/golden/comments', import.meta.url));
const into = mkdtempSync(join(tmpdir(), 'guardian-look-'));
const themes = ['light', 'dark'] as const;

/** Pixels; about what a conversation has. */
const WIDTH = 860;

const styles = Object.fromEntries(themes.map((theme) => [theme, styleOf(theme)]));

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  for (const file of readdirSync(folder)) {
    for (const theme of themes) await draw(browser, file, theme);
  }
} finally {
  await browser.close();
}

async function draw(open: Browser, file: string, theme: (typeof themes)[number]): Promise<void> {
  const text = readFileSync(join(folder, file), 'utf8');
  const html = marked.parse(text, { gfm: true, async: false });
  const page = await open.newPage({ viewport: { width: WIDTH, height: 200 } });
  // A comment must not make a reader's browser ask for anything.
  await page.route('**', (route) => route.abort());
  await page.setContent(
    `<!doctype html><style>${styles[theme]} body { margin: 0 } .markdown-body { padding: 16px }</style>` +
      `<article class="markdown-body">${html}</article>`,
  );
  const shown = await page.locator('article').innerText();
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
  if (shown.includes('attempt=')) throw new Error(`${file} shows its mark`);
  if (width > WIDTH) throw new Error(`${file} is ${width} pixels wide`);
  const path = join(into, `${file.replace(/\.md$/, '')}.${theme}.png`);
  await page.screenshot({ path, fullPage: true });
  await page.close();
  process.stdout.write(`${path}\n`);
}

function styleOf(theme: (typeof themes)[number]): string {
  const path = createRequire(import.meta.url).resolve(`github-markdown-css/github-markdown-${theme}.css`);
  return readFileSync(path, 'utf8');
}
