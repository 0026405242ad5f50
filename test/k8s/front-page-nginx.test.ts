import { startFrontPageNginx, type FrontPageNginx } from './front-page-nginx';

describe('the front page in a real nginx', () => {
  let nginx: FrontPageNginx;

  beforeEach(async () => {
    nginx = await startFrontPageNginx();
  });
  afterEach(() => nginx.close());

  const say = async (tool: string) => {
    const answer = await fetch(`${nginx.url}/status/${tool}`);
    return [answer.status, await answer.text(), answer.headers.get('cache-control'), answer.headers.get('location')];
  };
  const said = (word: string) => [200, `${word}\n`, 'no-store', null];

  it.each(['gitea', 'jenkins', 'argocd'])('says that %s is up when it answers', async (tool) => {
    expect(await say(tool)).toEqual(said('up'));
  });

  // Jenkins with single sign-on sends whoever asks for its login page to another one.
  it.each([301, 302, 303, 307, 308])('takes a redirect (%d) as an answer, and does not pass it on', async (status) => {
    nginx.tools['jenkins'] = status;
    expect(await say('jenkins')).toEqual(said('up'));
  });

  it.each([200, 302])('asks a tool that answers %d once, however many people look', async (status) => {
    nginx.tools['jenkins'] = status;
    await Promise.all([1, 2, 3, 4, 5].map(() => say('jenkins')));
    expect(nginx.asked).toEqual(['jenkins']);
  });

  it.each([401, 403, 404, 500, 502, 503])('says that a tool is down when it answers %d', async (status) => {
    nginx.tools['gitea'] = status;
    expect(await say('gitea')).toEqual(said('down'));
    expect(await say('argocd')).toEqual(said('up'));
  });

  it('keeps the probe and unknown names to itself', async () => {
    for (const path of ['/probe', '/status/postgres', '/..data/x']) {
      expect([path, (await fetch(`${nginx.url}${path}`)).status]).toEqual([path, 404]);
    }
  });
});
