import { App } from 'cdktf';
import { configFile, readEnvironment } from '#config/environment';
import { ConfigError } from '#config/config-error';
import { refuseExampleAddress } from '#config/example-address';
import { loadConfig } from '#config/load';
import { buildApp } from '#stacks/build-app';
import { writeCredentialFiles } from '#stacks/credential-files';
import { placeProviderLocks } from '#stacks/provider-locks';

try {
  const config = loadConfig(configFile(process.env));
  const environment = readEnvironment(process.env, config);
  refuseExampleAddress(config, environment);
  const app = new App();
  buildApp(app, config, environment);
  app.synth();
  writeCredentialFiles(app.outdir, environment);
  placeProviderLocks(app.outdir, process.env);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
