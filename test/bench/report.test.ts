import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Curve, Figure, Results } from '#bench/measurement';
import { describeFigures } from '#bench/report/figure-table';
import { plot } from '#bench/report/plot';
import { reportText, writeReport } from '#bench/report/report';

const quick: Figure = { what: 'synth', unit: 's', atMost: 1, values: [0.7, 0.5, 0.6] };
const slow: Figure = { what: 'type check', unit: 's', atMost: 3, values: [4, 3.5, 2] };
const beside: Figure = { what: 'push', unit: 's', values: [4], beside: { what: 'kubectl scale', values: [2] } };
const curve: Curve = {
  ...{ file: 'synth-nodes', title: 'Synth', along: 'nodes', unit: 's' },
  series: [
    { name: 'app command', points: [3, 10, 100].map((x) => ({ x, values: [x / 10, x / 9] })) },
    { name: 'another', points: [3, 10, 100].map((x) => ({ x, values: [x * x] })) },
  ],
};

function report(found: Partial<Results>): string {
  const results = { figures: [], curves: [], failures: [], ...found };
  const machine = { processor: 'Z80', cores: 2, memoryGb: 24, load: 1, versions: { Terraform: '1.11.4' } };
  return reportText({
    results,
    machine,
    date: new Date('2026-11-23T10:00:00Z'),
    seconds: 600,
    remarks: '## Remarks\n',
  });
}

describe('the report', () => {
  it('says when and on what it was measured', () => {
    const text = report({ figures: [quick] });
    for (const part of ['2026-11-23', '10 minutes', '2 cores', 'Z80', '24 GB', 'Terraform 1.11.4', '## Remarks'])
      expect(text).toContain(part);
  });

  it('names every missed target, judged by the median', () => {
    const text = report({ figures: [quick, slow] });
    expect(text).toContain('Missed, by the median: type check.');
    expect(text).toContain('| type check | 3 | 2.00 s | 3.50 s | 4.00 s | 3 s | **missed** |');
    expect(text).toContain('| synth | 3 | 0.50 s | 0.60 s | 0.70 s | 1 s | met |');
  });

  it('names what could not be measured, with the reason', () => {
    const failures = [{ name: 'cloud', reason: 'cdktf failed:\nlong output' }];
    expect(report({ figures: [quick], failures })).toContain('**Could not be measured: cloud** (cdktf failed:)');
  });

  it('says so when every target is met', () => {
    expect(report({ figures: [quick, beside] })).toContain('Every target is met');
  });

  it('shows beside a figure what it was compared with, and the ratio', () => {
    expect(report({ figures: [beside] })).toContain('2.00 of 2.00 s (kubectl scale)');
  });

  it('tells for each line of a curve how it grows, and marks what grows faster than linearly', () => {
    const text = report({ curves: [curve] });
    expect(text).toContain('app command: from 10 to 100 nodes as n^1.00.');
    expect(text).toContain('another: from 10 to 100 nodes as n^2.00, **faster than linearly**.');
    expect(text).toContain('(performance/synth-nodes.svg)');
  });
});

describe('what is written', () => {
  let docs: string;
  beforeEach(() => {
    docs = mkdtempSync(join(tmpdir(), 'forge-report-'));
  });
  afterEach(() => {
    rmSync(docs, { recursive: true });
  });

  it('has a plot for every image of the page, and none of an earlier run', () => {
    const before = { ...curve, file: 'gone' };
    writeReport(docs, { figures: [], curves: [before], failures: [] }, 60);
    const file = writeReport(docs, { figures: [quick], curves: [curve], failures: [] }, 60);
    const images = [...readFileSync(file, 'utf8').matchAll(/\]\(performance\/(\S+)\)/g)].map(([, name]) => name);
    expect(images).toEqual(['synth-nodes.svg']);
    expect(readdirSync(join(docs, 'performance'))).toEqual(images);
  });
});

describe('the figures on the terminal', () => {
  it('say which target is missed', () => {
    const text = describeFigures({ figures: [quick, slow], curves: [curve] });
    expect(text).toMatch(/^type check: 3\.50 s .*MISSED$/m);
    expect(text).not.toMatch(/^synth: .*MISSED/m);
  });
});

describe('a plot', () => {
  const svg = plot(curve);

  it('shows its title, its axis and every line by name', () => {
    for (const text of ['Synth', 'nodes', 'app command', 'another']) expect(svg).toContain(text);
  });

  it('paints its page and its ink for light, and others for dark', () => {
    const [, dark = ''] = /prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg) ?? [];
    for (const light of ['#ffffff', '#1f2328']) {
      expect(svg).toContain(`fill="${light}"`);
      expect(dark).toContain(`[fill="${light}"]`);
    }
  });

  it('leaves nothing to a script or to another file', () => {
    expect(svg).not.toMatch(/<script|href=/);
  });
});
