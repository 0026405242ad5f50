import { isOfferedIn, PRICES, priceHourly, regionOf, REGIONS, SIZES, sizeOf } from '#config/digitalocean';

describe('the catalogue of DigitalOcean', () => {
  it('has each slug once', () => {
    for (const list of [REGIONS, SIZES]) {
      const slugs = list.map(({ slug }) => slug);
      expect(new Set(slugs).size).toBe(slugs.length);
    }
  });

  it('agrees with the figures that size slugs contain', () => {
    for (const { slug, vcpus, memoryMiB } of SIZES) {
      const [, cpus, memory] = /-(\d+)vcpu-(\d+)gb/.exec(slug) ?? [];
      if (cpus === undefined) continue;
      expect({ slug, vcpus, memoryMiB }).toEqual({ slug, vcpus: Number(cpus), memoryMiB: Number(memory) * 1024 });
    }
  });

  it('has a price for everything', () => {
    for (const { priceMonthly, priceHourly, diskGiB } of SIZES) {
      expect(Math.min(priceMonthly, priceHourly, diskGiB)).toBeGreaterThan(0);
    }
    for (const { monthly } of Object.values(PRICES)) expect(monthly).toBeGreaterThan(0);
  });

  it('finds regions and sizes by their slugs', () => {
    expect(regionOf('fra1')).toEqual({ slug: 'fra1', name: 'Frankfurt 1', spaces: true });
    expect(sizeOf('s-2vcpu-4gb')).toMatchObject({ vcpus: 2, memoryMiB: 4096, diskGiB: 80, priceMonthly: 24 });
    expect(regionOf('constructor')).toBeUndefined();
    expect(sizeOf('s-3vcpu-4gb')).toBeUndefined();
  });

  it('computes the price of an hour as the API rounds it', () => {
    expect([4, 12, 112].map(priceHourly)).toEqual([0.00595, 0.01786, 0.16667]);
  });

  it('knows the sizes that a region lacks', () => {
    expect(isOfferedIn('s-2vcpu-4gb-amd', 'tor1')).toBe(false);
    expect(isOfferedIn('s-2vcpu-4gb-amd', 'fra1')).toBe(true);
    expect(isOfferedIn('s-2vcpu-4gb', 'tor1')).toBe(true);
  });
});
