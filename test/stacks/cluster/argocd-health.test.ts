/** The real Argo CD says how it sees objects, with the checks that its release brings. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { outputOf } from '#clients/program';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { healthChecks } from '#stacks/cluster/argocd-health';
import { newFolder } from '../../new-folder';

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
};

describe('health of', () => {
  let folder: string;
  let argocd: string;

  beforeAll(async () => {
    folder = newFolder('health');
    // What it is asked to do depends on the name that it is called by.
    argocd = join(folder, 'argocd');
    symlinkSync((await ensureTools(['argocd'], { progress: () => undefined })).argocd, argocd);
    writeFileSync(join(folder, 'argocd-cm.yaml'), stringify({ ...settings, data: healthChecks() }));
  });

  const healthOf = async (apiVersion: string, kind: string, status?: object) => {
    const object = { apiVersion, kind, metadata: { name: 'x', namespace: 'x' }, status };
    writeFileSync(join(folder, 'object.yaml'), stringify(object));
    const answer = await outputOf(argocd, [
      ...['admin', 'settings', 'resource-overrides', 'health', join(folder, 'object.yaml')],
      ...['--argocd-cm-path', join(folder, 'argocd-cm.yaml')],
    ]);
    return /STATUS: (.*)\nMESSAGE: ?(.*)/.exec(answer)?.slice(1);
  };

  const application = (status?: object) => healthOf('argoproj.io/v1alpha1', 'Application', status);
  const kindOf = (...conditions: object[]) =>
    healthOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { conditions });

  // Nothing makes Argo CD look again when it is there: the layer would be Progressing for two minutes.
  it('a kind that is being installed is nothing to wait for', async () => {
    expect(await kindOf({ type: 'Established', status: 'False', reason: 'Installing' })).toEqual(['Healthy', '']);
    expect(await healthOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition')).toEqual(['Healthy', '']);
  });

  it.each([
    ['NamesAccepted', 'False'],
    ['NonStructuralSchema', 'True'],
  ])('a kind that the API refuses by %s is Degraded, with what the API says', async (type, status) => {
    expect(await kindOf({ type, status, message: 'taken' })).toEqual(['Degraded', `${type}: taken`]);
  });

  it('an application that nobody has looked at is waited for', async () => {
    expect(await application()).toEqual(['Progressing', 'waiting: sync is Unknown, health is Unknown']);
  });

  it('an application that is not Synced is waited for, however healthy, and tells why', async () => {
    const status = { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } };
    const conditions = [{ type: 'SyncError', message: 'refused' }];
    expect(await application({ ...status, conditions })).toEqual(['Progressing', 'waiting: SyncError: refused']);
  });

  it.each(['Healthy', 'Degraded', 'Progressing'])('an application that is Synced is as it says: %s', async (health) => {
    const status = { sync: { status: 'Synced' }, health: { status: health } };
    expect(await application(status)).toEqual([health, `sync is Synced, health is ${health}`]);
  });

  it('a failed job of a CronJob does not hold a deploy', async () => {
    expect(await healthOf('batch/v1', 'CronJob', {})).toEqual(['Healthy', '']);
  });
});
