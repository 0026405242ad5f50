import type { LayerStatus } from '#cli/status/platform-status';
import { layerChanges } from '#cli/wait/layer-changes';

describe('what is told of a layer while it fails again and again', () => {
  const failing = (message: string): LayerStatus => {
    const reasons = [{ message, failed: true }];
    return { name: 'traefik', sync: 'Unknown', health: 'Healthy', healthy: false, reasons, parts: [] };
  };
  /** As Argo CD 3.5.1 says it where the server of a chart cannot be reached. */
  const attempt = (folder: string, port: number, end: string) =>
    `failed running helm: \`helm pull --destination /tmp/${folder} --version 41.6.1 traefik\` failed: dial tcp: lookup ` +
    `traefik.github.io on 10.43.0.10:53: read udp 10.42.0.7:${port}->10.43.0.10:53: ${end}`;
  const first = attempt('e53a4d41-d230-4d81-932c-089171879c6d', 40193, 'i/o timeout');

  it('is the failure once, though each attempt has another folder and port', () => {
    const changes = layerChanges();
    expect(changes.next([failing(first)])).toEqual(['traefik: Unknown, Healthy', `    ${first}`]);
    expect(changes.next([failing(attempt('353bef01-d337-4afd-8323-a6fc2ec67c59', 51877, 'i/o timeout'))])).toEqual([]);
  });

  it('is another failure, too', () => {
    const changes = layerChanges();
    changes.next([failing(first)]);
    const other = attempt('353bef01-d337-4afd-8323-a6fc2ec67c59', 51877, 'connection refused');
    expect(changes.next([failing(other)])).toEqual(['traefik: Unknown, Healthy', `    ${other}`]);
  });
});
