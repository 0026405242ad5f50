import { admit, parseK3sToken } from '#sandbox/cluster/k3s/k3s-token';

const HASH = 'a'.repeat(64);
const secrets = { caHash: HASH, serverPassword: 'server-secret', agentPassword: 'agent-secret' };
const join = (token: string, as: 'server' | 'node') => () => admit(parseK3sToken(token), as, secrets);

describe('a k3s token', () => {
  it('lets a worker in with the agents’ password and a server with the servers’', () => {
    expect(join(`K10${HASH}::node:agent-secret`, 'node')).not.toThrow();
    expect(join(`K10${HASH}::server:server-secret`, 'server')).not.toThrow();
  });

  it('in its short form trusts whatever cluster it meets', () => {
    expect(join('agent-secret', 'node')).not.toThrow();
  });

  it('never makes a server out of a worker', () => {
    expect(join(`K10${HASH}::node:agent-secret`, 'server')).toThrow("its password is not that of the servers' token");
    expect(join('agent-secret', 'server')).toThrow('refused the token');
  });

  it('is refused with a wrong password or the hash of another cluster, and the password is not repeated', () => {
    expect(join(`K10${HASH}::node:wrong-secret`, 'node')).toThrow(/^(?!.*wrong-secret).*not that of the agent-token/);
    expect(join(`K10${'b'.repeat(64)}::node:agent-secret`, 'node')).toThrow('The token belongs to another cluster');
  });
});
