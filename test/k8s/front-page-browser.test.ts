import { existsSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startFrontPageServer, type FrontPageServer } from './front-page-server';

const VIEWPORTS = [
  { device: 'phone', width: 390, height: 844 },
  { device: 'desktop', width: 1280, height: 800 },
];

/** Run in the page: how the ring around a focused link is drawn. */
const OUTLINE = "getComputedStyle(document.activeElement, '::after').outlineStyle";

jest.setTimeout(60_000);

describe('the front page in a browser', () => {
  let server: FrontPageServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startFrontPageServer();
    // Its own sandbox needs user namespaces, which containers and root do not have.
    browser = await chromium.launch({ executablePath: installedBrowser(), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(() => {
    Object.assign(server.answers, { gitea: 'up', jenkins: 'up', argocd: 'up' });
  });

  describe.each(VIEWPORTS)('on a $device', ({ device, width, height }) => {
    let page: Page;
    const requested: string[] = [];
    const complaints: string[] = [];

    const open = async (colorScheme: 'light' | 'dark' = 'light') => {
      page = await browser.newPage({ viewport: { width, height }, colorScheme });
      requested.length = complaints.length = 0;
      page.on('request', (request) => requested.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(server.url);
      await page.locator('#summary:not(:empty)').waitFor({ state: 'attached' });
    };
    const statuses = () => page.locator('.status[data-tool]').allInnerTexts();
    afterEach(() => page.close());

    it('loads nothing from elsewhere, and has nothing to complain about', async () => {
      await open();
      expect(requested.filter((url) => !url.startsWith(server.url))).toEqual([]);
      expect(requested.length).toBeGreaterThan(5);
      expect(complaints).toEqual([]);
    });

    it('says that each tool answers', async () => {
      await open();
      expect(await statuses()).toEqual(['Answers', 'Answers', 'Answers']);
    });

    it('says which tool does not answer', async () => {
      Object.assign(server.answers, { jenkins: 'down', argocd: undefined });
      await open();
      expect(await statuses()).toEqual(['Answers', 'Does not answer', 'Does not answer']);
      if (process.env['FRONT_PAGE_SCREENSHOTS'] !== undefined) {
        await page.screenshot({ path: join(process.env['FRONT_PAGE_SCREENSHOTS'], `front-page-${device}.png`) });
      }
    });

    it('can be used with the keyboard alone, and shows where one is', async () => {
      await open();
      const reached: string[] = [];
      for (let presses = 0; presses < 2; presses++) {
        await page.keyboard.press('Tab');
        const focused = page.locator(':focus');
        reached.push(await focused.innerText());
        const outline = await page.evaluate(OUTLINE);
        expect(outline).toBe('solid');
      }
      expect(reached).toEqual(['Gitea', 'Jenkins']);
    });

    it('needs no scrolling to the side', async () => {
      await open();
      const overhang = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect(overhang).toBeLessThanOrEqual(0);
    });

    it.each(['light', 'dark'] as const)('has nothing that axe finds serious, in a %s room', async (scheme) => {
      server.answers['jenkins'] = 'down';
      await open(scheme);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      expect(violations).toEqual([]);
    });
  });

  it('links to the tools without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.url);
    expect(await page.locator('.tool a').allInnerTexts()).toEqual(['Gitea', 'Jenkins']);
    expect(await page.locator('.status').allInnerTexts()).toEqual(['', '', '']);
    await context.close();
  });
});

/** As scripts/install-test-programs.sh looks for it. */
function installedBrowser(): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  if (found === undefined) throw new Error('There is no Chromium. Install it, as make test does.');
  return found;
}
