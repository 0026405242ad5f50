import { ACME_ACCOUNT, isStuck, podsWithoutImage, reportMissing, unreadOf } from '#cli/sandbox/real-layers';
import { ofKind } from '#test/k8s/manifests';
import type { ContainerStatus, PodObject } from '#cli/status/api-objects';
import type { LayerStatus } from '#cli/status/platform-status';

const IMAGE = 'docker.io/jenkins/jenkins:2.541.3-lts';
const pod = (name: string, ready: boolean, ...containerStatuses: ContainerStatus[]): PodObject => ({
  metadata: { name, namespace: 'rt' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }], containerStatuses },
});
const waiting = (reason: string) => ({ name: 'main', image: IMAGE, state: { waiting: { reason } } });
const jenkins = pod('jenkins-0', false, waiting('ImagePullBackOff'));
const gitea = pod('gitea-0', true);

describe('the layers of a real sandbox', () => {
  it('wait in vain once nothing but pods without an image is left, and nothing changes', () => {
    expect(isStuck([jenkins, gitea], 91_000)).toBe(true);
  });

  it('may yet come while a certificate does, for which no pod waits', () => {
    expect(isStuck([jenkins, gitea], 60_000)).toBe(false);
  });

  it('may yet come while another pod is not Ready, for some minutes', () => {
    const starting = pod('postgres-0', false, waiting('ContainerCreating'));
    expect(isStuck([jenkins, starting], 91_000)).toBe(false);
    expect(isStuck([jenkins, starting], 181_000)).toBe(true);
    expect(isStuck([starting], 181_000)).toBe(false);
  });

  it('do not wait for a Job that has ended', () => {
    const ended: PodObject = { metadata: { name: 'dump' }, status: { phase: 'Succeeded' } };
    expect(isStuck([jenkins, ended], 91_000)).toBe(true);
  });

  it("know cert-manager's account, which a restart makes worthless", () => {
    const { name } = ofKind('ClusterIssuer')[0]!.body.spec.acme.privateKeySecretRef;
    expect(ACME_ACCOUNT).toBe(`/api/v1/namespaces/cert-manager/secrets/${name}`);
  });

  it('name what has no image, and fail for it unless that was known before', () => {
    const found = { withoutImage: podsWithoutImage([jenkins, gitea]), unread: [] };
    expect(reportMissing(found, [IMAGE])).toContain(`  rt/jenkins-0: ${IMAGE}`);
    expect(() => reportMissing(found, [])).toThrow(`rt/jenkins-0: ${IMAGE}`);
  });

  it('name a chart that cannot be had, too, and fail for it', () => {
    const layer = (name: string, sync: string, parts: LayerStatus[] = []): LayerStatus => {
      const reasons = [{ message: 'error fetching chart', failed: true }];
      return { name, sync, health: 'Healthy', healthy: false, reasons, parts };
    };
    const unread = unreadOf([layer('layer-00-infra', 'Synced', [layer('traefik', 'Unknown')])]);
    expect(unread).toEqual(['traefik: error fetching chart']);
    const found = { withoutImage: podsWithoutImage([jenkins]), unread };
    expect(() => reportMissing(found, [IMAGE])).toThrow(/rt\/jenkins-0: [^]*traefik: error fetching chart/);
  });
});
