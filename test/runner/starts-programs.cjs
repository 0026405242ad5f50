// Which files can start a program: those that import what does, themselves or by what they import.
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const ROOT = join(__dirname, '../..');
const STARTERS = new Set(['node:child_process', 'playwright-core']);
const IMPORTED = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g;
const TYPES_ONLY = /^(import|export) type [^;]*;/gm;

/** Our own files among what each imports, by path; undefined for one that can start a program by its own words. */
const imports = new Map();

/** @param {string} file absolute path of a TypeScript file */
function startsPrograms(file) {
  const waiting = [file];
  const seen = new Set(waiting);
  for (const next of waiting) {
    const imported = importsOf(next);
    if (imported === undefined) return true;
    for (const path of imported.filter((one) => !seen.has(one))) {
      seen.add(path);
      waiting.push(path);
    }
  }
  return false;
}

function importsOf(file) {
  if (!imports.has(file)) imports.set(file, readImports(file));
  return imports.get(file);
}

function readImports(file) {
  const names = [...readFileSync(file, 'utf8').replace(TYPES_ONLY, '').matchAll(IMPORTED)].map(([, name]) => name);
  if (names.some((name) => STARTERS.has(name))) return undefined;
  return names.map((name) => ownFile(file, name)).filter((path) => path !== undefined);
}

function ownFile(from, name) {
  if (!/^[.#]/.test(name)) return undefined;
  const path = name.startsWith('#') ? join(ROOT, name.slice(1)) : join(dirname(from), name);
  return [path, `${path}.ts`, `${path}/index.ts`].find((one) => one.endsWith('.ts') && existsSync(one));
}

module.exports = { startsPrograms };
