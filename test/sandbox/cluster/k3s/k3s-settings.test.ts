import { snapshots } from '#config/schema/storage';
import { DropletDisk } from '#sandbox/cluster/droplet/droplet-disk';
import { readAgentSettings, readServerSettings } from '#sandbox/cluster/k3s/k3s-settings';
import { newFolder } from '#test/new-folder';

const CONFIG = '/etc/rancher/k3s/config.yaml';
const NODE = `
node-name: node-1
node-ip: 10.0.0.2
kubelet-arg: [cloud-provider=external]
token: secret
`;

const S3 = `
etcd-s3: true
etcd-s3-endpoint: fra1.example.com
etcd-s3-region: fra1
etcd-s3-bucket: snapshots
etcd-s3-folder: forge
etcd-s3-access-key: id
etcd-s3-secret-key: secret
`;

describe('the configuration of k3s', () => {
  let folder: string;
  let disk: DropletDisk;
  beforeEach(() => {
    folder = newFolder('k3s');
    disk = new DropletDisk(folder);
    disk.write(CONFIG, NODE);
  });
  const add = (name: string, text: string) => disk.write(`${CONFIG}.d/${name}`, text);

  it('has drop-ins replace values in the order of their names', () => {
    add('20-b.yaml', 'cluster-cidr: 10.2.0.0/16');
    add('10-a.yaml', 'cluster-cidr: 10.1.0.0/16');
    add('30-not-yaml.txt', 'nonsense: true');
    expect(readServerSettings(disk).clusterCidr).toBe('10.2.0.0/16');
  });

  it('replaces lists, and adds to them with a plus sign', () => {
    disk.write(CONFIG, `${NODE}tls-san: [one]\nnode-label: [a=1]\n`);
    add('10.yaml', 'tls-san: [two]\nnode-label+: [b=2]\n');
    const { tlsSans, labels } = readServerSettings(disk);
    expect({ tlsSans, labels }).toEqual({ tlsSans: ['two'], labels: { a: '1', b: '2' } });
  });

  it('reads taints, the server to join and the flags of the programs', () => {
    add('10.yaml', 'server: https://10.0.0.1:6443\nnode-taint: ["a=b:NoSchedule", "c:NoExecute"]\netcd-arg: [x=1]\n');
    const settings = readServerSettings(disk);
    expect(settings.server).toEqual({ host: '10.0.0.1', port: 6443 });
    expect(settings.taints).toEqual([
      { key: 'a', value: 'b', effect: 'NoSchedule' },
      { key: 'c', effect: 'NoExecute' },
    ]);
    expect(settings.arguments.etcd).toEqual(['x=1']);
  });

  it('encrypts Secrets when it is told to', () => {
    expect(readServerSettings(disk).encryption).toBeUndefined();
    add('10.yaml', 'secrets-encryption: true');
    expect(readServerSettings(disk).encryption).toBe('aescbc');
  });

  it.each([
    ['a typing error', 'agent-tokn: x', 'k3s knows no "agent-tokn" here. Did you mean "agent-token"?'],
    ['a list where one value belongs', 'cluster-domain: [a, b]', '"cluster-domain" takes one value'],
    ['a word for a switch', 'cluster-init: maybe', '"cluster-init" must be true or false'],
    ['a word for a number', 'etcd-snapshot-retention: many', 'must be a number'],
    ['a key without a value', 'agent-token:', '"agent-token" has no value'],
    ['what is not YAML', 'a: [', 'is not YAML'],
    ['a list of its own', '- a', 'is not a list of keys and values'],
    ['another form of server', 'server: 10.0.0.1', 'server must be https://<address>:<port>'],
    ['half a token', 'token: K10abc::server:x', 'The token has not the form'],
    ['a node name with capitals', 'node-name: Node', '"Node" cannot be a node\'s name'],
    [
      'an unknown cipher',
      'secrets-encryption: true\nsecrets-encryption-provider: rot13',
      'must be aescbc or secretbox',
    ],
    ['a label that a kubelet may not set', 'node-label: [node-role.kubernetes.io/worker=true]', 'The kubelet refuses'],
    ['a label that is none', 'node-label: [a b]', 'is not key=value'],
    ['a taint without effect', 'node-taint: [a=b]', 'node-taint "a=b" is not key=value:Effect'],
    ['a node without cloud provider', 'kubelet-arg: [max-pods=50]', 'no cloud-provider=external'],
    ['S3 without a bucket', 'etcd-s3: true\netcd-s3-endpoint: a\netcd-s3-region: b', 'have no "etcd-s3-bucket"'],
  ])('refuses %s', (_, text, message) => {
    add('10.yaml', text);
    expect(() => readServerSettings(disk)).toThrow(message);
  });

  it.each(['0 3 * * MON', '0 3 * JAN-MAR *', '0  3 * * *', '0 3 ? * *', '@daily'])(
    'takes the schedule "%s", as forge.yaml and k3s do',
    (schedule) => {
      add('10.yaml', `${S3}\netcd-snapshot-schedule-cron: "${schedule}"`);
      expect(readServerSettings(disk).snapshots?.schedule).toBe(schedule);
      expect(snapshots.parse({ schedule })).toMatchObject({ schedule });
    },
  );

  it('refuses a schedule that is none', () => {
    add('10.yaml', 'etcd-s3: true\netcd-snapshot-schedule-cron: hourly');
    expect(() => readServerSettings(disk)).toThrow('etcd-snapshot-schedule-cron: "hourly" is not a cron schedule');
  });

  it('refuses settings of servers on a worker, and a worker that is not told where to go', () => {
    expect(() => readAgentSettings(disk)).toThrow('have no "server"');
    add('10.yaml', 'server: https://10.0.0.1:6443\ntls-san: [x]');
    expect(() => readAgentSettings(disk)).toThrow('k3s knows no "tls-san" here');
  });

  it('refuses a configuration that is not there', () => {
    disk.remove(CONFIG);
    expect(() => readAgentSettings(disk)).toThrow(`The user data writes no ${CONFIG}.`);
  });
});
