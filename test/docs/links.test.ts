import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, PAGES, read, ROOT } from './pages';

describe('the links of', () => {
  it.each(PAGES)('%s lead to files and headings that exist', (page) => {
    // Above the files GitHub has pages of its own, which a fork has, too.
    const links = [...read(page).matchAll(/\]\((?!https?:|..\/..\/actions\/)([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : normalize(join(dirname(page), file));
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
