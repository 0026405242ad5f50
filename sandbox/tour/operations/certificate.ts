import { certificateOf, entranceOf } from '../entrance';
import { promise, since, type Operation } from '../operation';

const SECRET = 'gitea-tls';

export const certificate: Operation = {
  title: 'Lose a certificate, and have another one issued through the entrance',
  page: 'security.md',
  on: 'containers',
  run: async ({ sandbox, kubectl, tell, until }) => {
    const entrance = await entranceOf(sandbox);
    const before = await certificateOf(entrance, 'gitea');
    tell('kubectl', `${entrance.nameOf('gitea')} has a certificate until ${before.valid_to}`);
    const { code, text } = await kubectl(['-n', 'rt', 'delete', 'secret', SECRET]);
    promise(code === 0, text);
    const start = Date.now();
    tell('by hand', `the Secret ${SECRET} is deleted`);
    const after = await until('another certificate at the entrance', async () => {
      const found = await certificateOf(entrance, 'gitea').catch(() => undefined);
      return found !== undefined && found.serialNumber !== before.serialNumber && found;
    });
    tell('kubernetes', `cert-manager answered a challenge at the entrance, and a new one serves after ${since(start)}`);
    promise(after.subjectaltname === `DNS:${entrance.nameOf('gitea')}`, `It is for ${after.subjectaltname}`);
  },
};
