import { requireUnits } from '#sandbox/cluster/droplet/systemd-units';
import type { UserData } from '#sandbox/cluster/droplet/user-data';

const file = (path: string, text: string, mode = 0o644) => ({ path, mode, content: Buffer.from(text) });
const unit = (name: string, ...lines: string[]) => file(`/etc/systemd/system/${name}`, lines.join('\n'));
const k3s = unit('k3s.service', '[Service]', 'ExecStart=/usr/local/bin/k3s server');
const start = (...units: string[]) => ['systemctl', 'start', '--no-block', ...units];
const check =
  (...parts: [UserData['commands'], UserData['files']]) =>
  () =>
    requireUnits({ commands: parts[0], files: parts[1] });

describe('the units of a droplet', () => {
  it('may start k3s directly or through others', () => {
    const first = unit(
      'first.service',
      'Wants=network-online.target',
      'ExecStartPost=/usr/bin/systemctl start k3s.service',
    );
    expect(check([start('k3s.service')], [k3s])).not.toThrow();
    expect(check(['systemctl daemon-reload && systemctl start first.service'], [first, k3s])).not.toThrow();
  });

  it('must run k3s in the end', () => {
    expect(check([], [k3s])).toThrow('Nothing in the user data starts k3s');
    expect(check([['systemctl', 'enable', 'k3s.service']], [k3s])).toThrow('Nothing in the user data starts k3s');
    expect(check([['systemctl', 'try-restart', 'k3s.service']], [k3s])).toThrow('Nothing in the user data starts k3s');
  });

  it('must be written if they are started or required', () => {
    const needy = unit('k3s.service', 'Requires=other.service', 'ExecStart=/usr/local/bin/k3s agent');
    expect(check([start('k3s.service')], [])).toThrow('writes no /etc/systemd/system/k3s.service');
    expect(check([start('k3s.service')], [needy])).toThrow('starts other.service, but writes no');
  });

  it('must find their scripts, and may execute them', () => {
    const script = '/usr/local/lib/prepare.sh';
    const preparing = unit('k3s.service', `ExecStartPre=-${script} x`, 'ExecStart=/usr/local/bin/k3s agent');
    expect(check([start('k3s.service')], [preparing])).toThrow(`runs ${script}, which the user data does not write`);
    expect(check([start('k3s.service')], [preparing, file(script, '')])).toThrow('which is not executable');
    expect(check([start('k3s.service')], [preparing, file(script, '', 0o755)])).not.toThrow();
  });

  it('may be on a timer, which must be started before the next boot, and have its service', () => {
    const timer = unit('daily.timer', '[Timer]', 'OnCalendar=daily');
    const files = [k3s, timer, unit('daily.service', 'ExecStart=/usr/bin/true')];
    const enable = (...words: string[]) => [start('k3s.service'), ['systemctl', 'enable', ...words, 'daily.timer']];
    expect(check(enable('--now'), files)).not.toThrow();
    expect(check(enable(), files)).toThrow('writes daily.timer, which nothing starts before the next boot');
    expect(check(enable('--now'), [k3s, timer])).toThrow('starts daily.service, but writes no');
  });
});
