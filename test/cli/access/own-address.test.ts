import { ownAddress } from '#cli/access/own-address';

const API = 'https://203.0.113.1:6443';
const never = () => Promise.reject(new Error('nobody was to be asked'));

describe('the own address', () => {
  it('is that of the machine where the internet sees it', async () => {
    const route = () => Promise.resolve('198.51.100.7');
    expect(await ownAddress(API, { route, echo: never })).toBe('198.51.100.7');
  });

  it.each(['10.1.2.3', '172.31.0.1', '192.168.1.20', '100.64.0.9', '127.0.0.1'])(
    'is what a server on the internet sees where the machine has %s',
    async (address) => {
      const echo = () => Promise.resolve('198.51.100.8\n');
      expect(await ownAddress(API, { route: () => Promise.resolve(address), echo })).toBe('198.51.100.8');
    },
  );

  it('is found without asking anybody when the cluster is on this machine', async () => {
    expect(await ownAddress('https://127.16.0.2:6443')).toBe('127.0.0.1');
    const route = () => Promise.resolve('198.18.1.1');
    expect(await ownAddress('https://198.18.1.2:6443', { route, echo: never })).toBe('198.18.1.1');
  });

  it.each([
    ['fails', never],
    ['is a page', () => Promise.resolve('<html>')],
    ['is of the other kind', () => Promise.resolve('2001:db8::1')],
  ])('is asked of the person when the answer %s', async (_, echo) => {
    const answer = ownAddress(API, { route: () => Promise.resolve(undefined), echo });
    await expect(answer).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('--address') });
  });
});
