import { looksSecret } from '#cli/secrets/secret-values';
import { plainLines, secretLines } from '#cli/secrets/secret-lines';

const BODY = ['MIICXQIBAAKBgQCz72pbL+bzwi+PLANTED1jlVMbj+gQgwE3+LH38jXF0EdPs6Wi', 'BPUFEFMGPLANTED2', 'ab1PLANTED3=='];
const pem = (label = 'RSA PRIVATE KEY') => [`-----BEGIN ${label}-----`, ...BODY, `-----END ${label}-----`];
const indented = (by: string) =>
  pem()
    .map((line) => `${by}${line}`)
    .join('\n');
const cut = (text: string, length: number) => text.match(new RegExp(`.{1,${length}}`, 'g'))!.join('\n');
const encoded = Buffer.from(pem().join('\n')).toString('base64');

function shown(log: string): string {
  const lines = plainLines(log);
  const secret = secretLines(lines);
  return lines.filter((_, index) => !secret.has(index)).join('\n');
}

const SPANNING: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'PRIVATE KEY',
      'EC PRIVATE KEY',
      'OPENSSH PRIVATE KEY',
      'ENCRYPTED PRIVATE KEY',
      'PGP PRIVATE KEY BLOCK',
      'AGE ENCRYPTED FILE',
      'ANY OTHER',
    ].map((label) => [label, `Error: no key\n\n${pem(label).join('\n')}\n`]),
  ),
  'a key of SSH2': `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\n${BODY.join('\n')}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`,
  'a key with headers': `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,PLANTED\n\n${BODY.join('\n')}`,
  'a key without end': `${pem().slice(0, -1).join('\n')}\nand other words`,
  'a key without beginning': `Error: it is\n${pem().slice(1).join('\n')}`,
  'a key with neither': `Error: it is\n${BODY.join('\n')}`,
  'a key whose first line is cut': `-----BEGIN RSA PRIV\n${BODY.join('\n')}`,
  'an indented key': indented('        '),
  'a key in a frame': indented('\u2502     '),
  'a key in a frame of a stack': indented('cluster  \u2502   '),
  'a key with times': indented('2026-11-26T19:00:00.123Z '),
  'a key in JSON': `{"msg":"no key: ${pem().join('\\n')}\\n"}`,
  'a key in JSON in JSON': `{"msg":"{\\"key\\":\\"${pem().join('\\\\n')}\\"}"}`,
  'a key in JSON that is wrapped': `{"msg":"${cut(pem().join('\\n'), 30)}"}`,
  'a key in colours': pem()
    .map((line) => `\u001b[31m${line}\u001b[0m`)
    .join('\n'),
  'a key with carriage returns': pem().join('\r\n'),
  'a key with carriage returns only': pem().join('\r'),
  'a key in Base64': `data\n${cut(encoded, 76)}`,
  'a key in Base64 of short lines': `data\n${cut(encoded, 20)}`,
  'a key in quotes of a program': pem()
    .map((line) => `"${line}\\n" +`)
    .join('\n'),
  'a heredoc': 'password = <<EOT\n  PLANTED one\nPLANTED: two\nEOT\nafter',
  'an indented heredoc': '  password = <<-EOT\n    PLANTED one\n  EOT\nafter',
  'a heredoc without end': 'token = <<EOF\nPLANTED one\nPLANTED two',
  ...Object.fromEntries(
    ['|', '>', '>-', '|-', '|+', '|2', '>2-', '!!str |', '&anchor |', '| # why', ''].map((indicator) => [
      `a block ${indicator}`,
      `a:\n  password: ${indicator}\n    PLANTED one\n\n    PLANTED: two\n  other: 1`,
    ]),
  ),
  'a block in a list': '- password: |\n    PLANTED one\n    PLANTED two\n- other: 1',
  'a block in a frame': '\u2502   githubSecret: >-\n\u2502     PLANTED one\n\u2502     PLANTED two\n\u2502   other: 1',
  'a block in colours': '\u001b[1mpassword:\u001b[0m |\n  PLANTED',
  'a block in JSON': '"values": "a:\\n  password: |-\\n    PLANTED one\\n  other: 1"',
  'a block with numbers of lines': '  12:   password = <<EOT\n  13:     PLANTED one\n  14:   EOT',
  'a map': 'secrets:\n  a: PLANTED\n  b: PLANTED',
  'a list': 'tokens:\n  - PLANTED',
  'a list beside its name': 'tokens:\n- PLANTED',
  'a value on the next line': 'password:\nPLANTED-correct-horse',
  'a value on the next line but one': 'password =\n\nPLANTED correct horse',
  'a quoted value on the next line': '"password":\n"PLANTED correct horse"',
  'a text in quotes': 'password: "PLANTED one\nPLANTED two words\nPLANTED three"\nother: 1',
  'a text in single quotes': "password='PLANTED one\nPLANTED two'",
  'a text in three quotes': 'password = """\nPLANTED "one" x\nPLANTED two\n"""',
  'a plain text': 'password: PLANTED one\n  PLANTED two',
  'a continued command': 'login --password \\\n  PLANTED x',
  'an argument in a list': '"--password",\n"PLANTED x",',
  'an argument in YAML': '- --password\n- PLANTED x',
  'a pair on two lines': '- name: SOME_API_KEY\n  value: PLANTED x',
  'a pair in the other order': '- value: PLANTED x\n  name: SOME_API_KEY',
  'a pair with a block': '- name: SOME_API_KEY\n  value: |\n    PLANTED x\n    PLANTED y\n- name: A',
  'a pair of Terraform': 'set {\n  name  = "a.githubSecret"\n  type = ""\n  value = "PLANTED x"\n}',
  'an object of Kubernetes': 'kind: Secret\nmetadata: {name: a}\nstringData:\n  user: PLANTED\n  b: PLANTED',
  'a key of a program': `[network] ${pem().slice(0, -1).join('\n[network] ')}`,
  'a commented key without end': pem()
    .slice(0, -1)
    .map((line) => `# ${line}`)
    .join('\n'),
  'a key of code points': pem().join('\\u000a'),
  'a block of a program': '[network] password: >-\n[network]   PLANTED one\n[network] other: 1',
  'a block with a date': '2026/11/26 19:00:00 password: |\n2026/11/26 19:00:00   PLANTED one',
  'a list on two lines': '"passwords": ["PLANTED a",\n"PLANTED b"],\n"other": 1',
  'an explicit key': '? password\n: PLANTED x',
  'a header on two lines': '> Authorization: Basic\n> PLANTED',
  'a change': 'password = null -> "PLANTED"',
  'a pair of CloudFormation': 'ParameterKey: DbPassword\nParameterValue: PLANTED x',
  'a block of Helm': 'set_sensitive {\n  name  = "a"\n  value = "PLANTED x"\n}',
  'blocks of Helm': 'set_sensitive = [{\n  name  = "a"\n  value = "PLANTED x"\n}]',
  'a folded block in a pair': 'env:\n- name: DB_PASSWORD\n  value: >2-\n      PLANTED a b\n\n      PLANTED c\n',
  'arguments of a function': 'password = join("", [\n"PLANTED x",\n])',
  'a broken text in quotes': 'password: "PLANTED a\\\n  PLANTED b\\\n  PLANTED c"',
  'a key behind a certificate':
    '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nPLANTEDx\n-----END PRIVATE KEY-----',
  'a token that is wrapped': 'got dop_v1_0123PLANTED\n456PLANTED\nwords follow',
};

describe('a secret that goes over lines', () => {
  it.each(Object.entries(SPANNING))('is found as a whole: %s', (_name, log) => {
    expect(shown(log)).not.toContain('PLANTED');
    expect(looksSecret(log)).toBe(true);
  });

  it.each(['a heredoc', 'a block in a list', 'a block |', 'a token that is wrapped', 'a key without end'])(
    'ends where it ends: %s',
    (name) => {
      expect(shown(SPANNING[name]!)).toMatch(/after|other: 1|words/);
    },
  );
});

const SECRETS = [
  ...['PGPASSWORD=x1', 'export MYSQL_PWD=x1; a', 'DB_PASS=x1', 'db_password : x1', 'GITHUBTOKEN=x1', 'apiKey=x1'],
  ...[
    'APIKey: x1',
    '"client-key-data": "eHg="',
    "'token': 'x1'",
    'password => "x1"',
    'password:=x1',
    'a.b.password=x1',
  ],
  ...[
    '--password=x1',
    '--password x1',
    '--db-token "x1"',
    '-password x1',
    '["--password", "x1"]',
    'mysql -u root -px1 db',
  ],
  ...['docker login -u a -p x1 host', 'sshpass -p x1 ssh a', 'redis-cli -h a -a x1', 'curl -u me:x1 https://a'],
  ...['https://me:x1@example.org', 'postgres://u:p:w@h/db', 'redis://:x1@h', 'https://0123456789abcdef0@host/'],
  ...[
    'Authorization: Basic eDp5',
    'authorization=x1',
    'Proxy-Authorization: Basic x',
    'X-Vault-Token: x1',
    'PRIVATE-TOKEN: x1',
  ],
  ...['X-API-Key: x1', 'Cookie: a=b', 'Set-Cookie: sid=1; Path=/', 'Bearer abcdef0123', 'curl -H "X-Auth-Token: x1"'],
  ...['Server=a;Uid=b;Pwd=x1;', 'Server=a;Password=x1;', 'AccountName=a;AccountKey=eA==;', 'SharedAccessKey=eA=='],
  ...['jdbc:postgresql://h/d?user=a&password=x1', 'https://a/?access_token=x1', 'https://a/?X-Amz-Signature=ab'],
  ...[
    '{"name":"SOME_API_KEY","value":"x1"}',
    '{"value":"x1","type":"","name":"a.githubSecret"}',
    '{name: A_TOKEN, value: x1}',
  ],
  ...[
    '{\\"name\\":\\"A_TOKEN\\",\\"value\\":\\"x1\\"}',
    '{\\"password\\":\\"x1\\"}',
    '<password>x1</password>',
    'map[password:x1]',
  ],
  ...['{"secret_name":"A","value":"x1"}', '{"auths":{"ghcr.io":{"auth":"eDp5"}}}', 'machine a login b password x1'],
  ...['API key: x1', '{"args":["--token","x1"]}', 'requirepass x1', 'password=$ecret', 'password: 12345678'],
  ...[
    'password: " x1"',
    'password: ")x1"',
    'password: null x1',
    'PASSWORD=$A-x1',
    'a.password: Creating1',
    'password: Creating x1',
  ],
  ...[
    '\u2502 password \u2502 x1 \u2502',
    '[ghp_abcdef]',
    'ghp_ab \u2502 x',
    'g\u200bhp_abcdef',
    'tls.key: eHg=',
    '::add-mask::x1',
    'password is "x1"',
  ],
  ...[
    'https://a/?sig=x1&se=1',
    'Password for a: x1',
    'jwt: x1',
    'age_key: x1',
    'helm upgrade a --set a.b.githubSecret=x1',
  ],
  Buffer.from('# cloud-init\nnode_password: x1\nother: 1').toString('base64'),
  `dop_v1_${'0a'.repeat(4)}`,
  ...[
    'ghp_a1',
    'github_pat_11A',
    'ghs_ab',
    'glpat-abcdef12',
    'xoxb-1-2',
    'xoxp-1',
    'AKIAIOSFODNN7EXAMPLE',
    'ASIAIOSFODNN7EXAMPLE',
  ],
  ...[
    'AGE-SECRET-KEY-1QQ',
    'eyJhbGciOiJI.eyJzdWIi.c2ln',
    'hvs.CAESIabc',
    'npm_0123456789abcdefghij',
    'sk_live_1a',
    'rk_live_1',
  ],
  ...[
    'K10abcdef::server:x1',
    `K10${'ab'.repeat(32)}::node:x`,
    '$2a$10$abcdefghijkl',
    '$6$salt$hash',
    'whsec_ab',
    'SG.abcdefghijk.l',
  ],
  `x="${Buffer.from('token ghp_0123456789abcdef and so on').toString('base64')}"`,
];
const HARMLESS = [
  ...[
    'name: a',
    'type = "x"',
    'value: 1',
    'key: size',
    'token_type: bearer',
    'secret_name = "a"',
    'password_policy: strong',
  ],
  ...['password_policy.min_length=8', 'secretKeyRef:', 'token_ttl=3600', 'automount_service_account_token: true'],
  ...[
    'password = (sensitive value)',
    'token: ***',
    'password = var.password',
    'PASSWORD=${SECRET}',
    'password: null',
    'password: ""',
  ],
  ...[
    'kubernetes_secret_v1.cloud: Refreshing state... [id=a]',
    'random_password.join_server: Creating...',
    'github-secrets: planned',
  ],
  ...[
    'kubernetes_secret_v1.cloud: not found',
    'https://example.org:443/a@1.2',
    'ssh://git@github.com/a/b',
    'git@github.com:a/b',
  ],
  ...[
    'mkdir -p /a',
    'docker run -p 80:80 a',
    '401 Bad credentials []',
    'with github_repository_deploy_key.argocd_deploy-key,',
  ],
  ...[
    'The password must be longer.',
    'Enter password:',
    'secret/argocd-secret configured',
    'sha256:0123456789abcdef',
    's-1vcpu-2gb',
  ],
  ...[
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEPLA1abcDEF0123456789abcdefABC01234\nMIIDdzCCAl+gAwIBAgIEPLA1abcDEF0123456789abcdefABC01234\n-----END CERTIFICATE-----',
  ],
  ...[
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----',
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC a@b',
  ],
  ...[
    'secrets:\nother: 1',
    'npm_config_registry',
    'npm_lifecycle_event',
    'basic authentication is off',
    '{"secret_name":"a"}',
  ],
  ...[
    '{"name":"LOG_LEVEL","value":"debug"}',
    '{"name":"API_TOKEN","valueFrom":{"secretKeyRef":{"name":"a","key":"b"}}}',
  ],
];

describe('a text', () => {
  it.each(SECRETS)('is secret by its looks: %s', (text) => {
    expect(looksSecret(text)).toBe(true);
  });

  it.each(HARMLESS)('is none: %s', (text) => {
    expect(looksSecret(text)).toBe(false);
  });

  it.each(['a-', 'a', ' ', '"', 'password: ', '-----BEGIN ', '://a:', '\\n', 'login ', 'A1b+', '- '])(
    'of many %j is read in a moment',
    (part) => {
      const start = Date.now();
      looksSecret(part.repeat(20_000));
      expect(Date.now() - start).toBeLessThan(2000);
    },
  );
});
