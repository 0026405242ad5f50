import { resolve } from 'node:path';
import { unattended } from '#clients/program';
import { readEnvironment } from '#config/environment';
import { loadConfig } from '#config/load';

const config = loadConfig(resolve(__dirname, 'valid/operators-and-secrets.yaml'));

describe("Terraform's own variables", () => {
  it.each([
    ['TF_WORKSPACE', 'x'],
    ['TF_WORKSPACE', 'default '],
    ['TF_WORKSPACE', 'DEFAULT'],
    ['TF_CLI_ARGS', '-lock=false'],
    ['TF_CLI_ARGS_plan', '-target=digitalocean_vpc.vpc'],
    ['TF_CLI_ARGS_apply', '-refresh=false'],
    ['TF_CLI_ARGS_destroy', '-target=x.y'],
    ['TF_CLI_ARGS_init', '-backend-config=key=other'],
    ['TF_CLI_ARGS_show', '-no-color'],
    ['TF_CLI_ARGS_state_list', '-state=x'],
    ['TF_DATA_DIR', '/tmp/data'],
    ['TF_DATA_DIR', '../data'],
    ['TF_DATA_DIR', 'data/../../data'],
    ['TF_VAR_POSTGRES_PASSWORD', 'planted'],
    ['TF_VAR_GITHUB_TOKEN', ''],
    ['TF_VAR_FORGE_CLUSTER_TOKEN', 'planted'],
  ])('are refused by name where they change states, options or values: %s=%j', (name, value) => {
    const read = () => readEnvironment({ [name]: value }, config);
    expect(read).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringContaining(`unset ${name}`) }));
    if (value.includes('planted')) expect(read).not.toThrow('planted');
  });

  it('are all named at once', () => {
    const env = { TF_WORKSPACE: 'x', TF_CLI_ARGS_plan: '-refresh=false', TF_CLI_ARGS: '-x' };
    expect(() => readEnvironment(env, config)).toThrow('unset TF_CLI_ARGS TF_CLI_ARGS_plan TF_WORKSPACE');
  });

  it('may stand where they change none of these', () => {
    const env = {
      TF_WORKSPACE: 'default',
      TF_CLI_ARGS: '',
      TF_CLI_ARGS_plan: ' ',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_DATA_DIR: '.terraform-other',
      TF_CLI_CONFIG_FILE: '/etc/terraformrc',
      TF_REATTACH_PROVIDERS: '{}',
      TF_PLUGIN_CACHE_DIR: '/var/cache',
      TF_LOG: 'trace',
      TF_VAR_other: 'x',
      TF_CLI_ARGUMENTS: 'x',
    };
    expect(() => readEnvironment(env, config)).not.toThrow();
  });

  it('that log secrets are kept from Terraform, and so is a workspace that was selected in a folder', () => {
    const logs = { TF_LOG: 'trace', TF_LOG_CORE: 'trace', TF_LOG_PROVIDER: 'json', TF_LOG_PATH: '/tmp/log' };
    const kept = { TF_CLI_CONFIG_FILE: '/etc/terraformrc', TF_REATTACH_PROVIDERS: '{}', TF_PLUGIN_CACHE_DIR: '/cache' };
    expect(unattended({ ...logs, ...kept, TF_WORKSPACE: 'x' })).toEqual({
      ...kept,
      TF_WORKSPACE: 'default',
      TF_IN_AUTOMATION: 'true',
      CI: 'true',
      FORCE_COLOR: '0',
    });
  });
});
