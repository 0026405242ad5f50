/** github.com's side of Git over SSH, as a container on the public network: one repository, for reading, for whoever has a deploy key. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import type { DockerEngine } from './engine';

export interface ServedRepository {
  /** The `.git` folder. */
  readonly path: string;
  /** `owner/name`. */
  readonly name: string;
}

export interface GitHostSettings extends ServedRepository {
  readonly engine: DockerEngine;
  readonly image: string;
  readonly container: string;
  readonly network: string;
  /** In that network. */
  readonly address: string;
  readonly label: string;
  /** For what it reads, and its key. */
  readonly folder: string;
}

const HOST_KEY = 'host_key';
const SETTINGS = `HostKey /git-host/${HOST_KEY}
AuthorizedKeysFile /git-host/authorized_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
AllowUsers git
StrictModes no
UsePAM no
DisableForwarding yes
PermitTTY no
ForceCommand exec git-shell -c "$SSH_ORIGINAL_COMMAND"
`;
/** Who owns the repository must read it, whatever its number is on this host. */
const START = `useradd --non-unique --uid "$(stat --format %u "/home/git/$REPOSITORY")" --no-create-home --password '*' --shell /bin/sh git
git config --system safe.directory '*'
mkdir -p /run/sshd
exec /usr/sbin/sshd -D -e -f /git-host/sshd_config`;

export class GitHost {
  private constructor(private readonly settings: GitHostSettings) {}

  /** Starts it anew; its key stays, as those do that know it. */
  static async start(settings: GitHostSettings): Promise<GitHost> {
    const { engine, container, folder } = settings;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const host = new GitHost(settings);
    if (!existsSync(join(folder, HOST_KEY))) await host.makeKey();
    writeFileSync(join(folder, 'sshd_config'), SETTINGS);
    host.admit([]);
    await engine.attempt(['rm', '--force', container]);
    await engine.run(['run', '--detach', ...runArguments(settings)]);
    return host;
  }

  /** In the form of a line of known_hosts, without a name. */
  get publicKey(): string {
    return readFileSync(join(this.settings.folder, `${HOST_KEY}.pub`), 'utf8').trim();
  }

  /** Lets in who has one of these keys, and nobody else. @param keys public ones, as OpenSSH writes them */
  admit(keys: readonly string[]): void {
    writePrivateFile(join(this.settings.folder, 'authorized_keys'), keys.map((key) => `${key}\n`).join(''));
  }

  async remove(): Promise<void> {
    await this.settings.engine.attempt(['rm', '--force', this.settings.container]);
  }

  private async makeKey(): Promise<void> {
    const { engine, image, folder } = this.settings;
    const keygen = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', `/git-host/${HOST_KEY}`];
    await engine.run(['run', '--rm', '--network', 'none', '--volume', `${folder}:/git-host`, image, ...keygen]);
  }
}

function runArguments({ container, network, address, label, folder, path, name, image }: GitHostSettings): string[] {
  const served = `${name}.git`;
  return [
    ...['--name', container, '--label', label, '--network', network, '--ip', address],
    ...['--init', '--restart', 'on-failure', '--cap-drop', 'ALL'],
    ...['SETUID', 'SETGID', 'SYS_CHROOT', 'NET_BIND_SERVICE', 'DAC_OVERRIDE', 'CHOWN', 'FOWNER', 'KILL'].flatMap(
      (capability) => ['--cap-add', capability],
    ),
    ...['--volume', `${folder}:/git-host:ro`, '--volume', `${path}:/home/git/${served}:ro`],
    ...['--env', `REPOSITORY=${served}`, image, 'sh', '-c', START],
  ];
}
