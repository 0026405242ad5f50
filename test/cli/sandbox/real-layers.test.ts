import { whatIsNotSynced } from '#cli/sandbox/real-layers';
import type { ApplicationObject } from '#cli/status/api-objects';

const HEAD = 'a'.repeat(40);

const application = (name: string, status?: ApplicationObject['status']): ApplicationObject => ({
  metadata: { name },
  ...(status !== undefined && { status }),
});
const synced = (name: string, revision = HEAD) => application(name, { sync: { status: 'Synced', revision } });

describe('the layers of a real sandbox', () => {
  it('are there when the root and its layer are at the commit that was published', () => {
    expect(whatIsNotSynced([synced('root'), synced('layer-00-infra')], HEAD)).toBeUndefined();
  });

  it.each([
    ['nobody has seen', [], 'root: Argo CD has not looked at it yet'],
    ['Argo CD has only just made', [application('root')], 'root: Argo CD has not looked at it yet'],
    [
      'are at another commit',
      [synced('root'), synced('layer-00-infra', 'b'.repeat(40))],
      'layer-00-infra: Synced at bbbbbbb',
    ],
    [
      'Argo CD cannot read',
      [
        application('root', {
          sync: { status: 'Unknown' },
          conditions: [{ type: 'ComparisonError', message: 'ssh: handshake failed' }],
        }),
      ],
      'root: Unknown at no commit, ssh: handshake failed',
    ],
    [
      'are not through',
      [
        application('root', {
          sync: { status: 'OutOfSync', revision: HEAD },
          operationState: { message: 'waiting for healthy state of layer-00-infra' },
        }),
      ],
      'root: OutOfSync at aaaaaaa, waiting for healthy state of layer-00-infra',
    ],
  ] as const)('are waited for while they %s, and the reason is told', (_, found, reason) => {
    expect(whatIsNotSynced(found, HEAD)).toBe(reason);
  });
});
