import { spread } from '#bench/figures';
import type { Figure, Results } from '#bench/measurement';
import { pageText } from '#bench/page';

const quick: Figure = { what: 'synth', unit: 's', atMost: 1, values: [0.7, 0.5, 0.6] };
const slow: Figure = { what: 'type check', unit: 's', atMost: 3, values: [4, 3.5, 2] };
const beside: Figure = { what: 'list', unit: 's', values: [4], beside: { what: 'terraform', values: [2] } };

function page(found: Partial<Results>): string {
  const machine = { processor: 'Z80', cores: 2, memoryGb: 24, load: 1, versions: { Terraform: '1.11.4' } };
  const results = { figures: [], failures: [], ...found };
  return pageText({ results, machine, date: new Date('2026-11-23T10:00:00Z'), seconds: 600, remarks: '## Remarks\n' });
}

describe('the page', () => {
  it('says when and on what it was measured', () => {
    const text = page({ figures: [quick] });
    for (const part of ['2026-11-23', '10 minutes', '2 cores', 'Z80', '24 GB', 'Terraform 1.11.4', '## Remarks'])
      expect(text).toContain(part);
  });

  it('names every missed target, judged by the median', () => {
    const text = page({ figures: [quick, slow] });
    expect(text).toContain('Missed, by the median: type check.');
    expect(text).toContain('| type check | 3 | 2.00 s | 3.50 s | 4.00 s | 3 s | **missed** |');
    expect(text).toContain('| synth | 3 | 0.50 s | 0.60 s | 0.70 s | 1 s | met |');
  });

  it.each([
    [0.5, '0.5 s'],
    [30, '30 s'],
    [1.25, '1.25 s'],
  ])('writes a target of %d s as %s', (atMost, text) => {
    expect(page({ figures: [{ ...quick, atMost }] })).toContain(`| ${text} | `);
  });

  it('names what could not be measured, with the reason', () => {
    const failures = [{ name: 'cloud', reason: 'cdktf failed:\nlong output' }];
    expect(page({ figures: [quick], failures })).toContain('**Could not be measured: cloud** (cdktf failed:)');
  });

  it('says so when every target is met', () => {
    expect(page({ figures: [quick, beside] })).toContain('Every target is met');
  });

  it('shows beside a figure what it was compared with, and the ratio', () => {
    expect(page({ figures: [beside] })).toContain('2.00 of 2.00 s (terraform)');
  });
});

describe('the spread of several runs', () => {
  it('is the smallest, the middle and the largest, in whatever order they came', () => {
    expect(spread([10, 9, 30])).toEqual({ min: 9, median: 10, max: 30 });
  });

  it('has the mean of the two in the middle of an even number', () => {
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
  });

  it('refuses a measurement without a run', () => {
    expect(() => spread([])).toThrow('no values');
  });
});
