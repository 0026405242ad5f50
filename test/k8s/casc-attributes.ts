/**
 * What Configuration as Code binds, of each thing that jenkins-configuration.yaml describes: the arguments of its
 * @DataBoundConstructor, its @DataBoundSetter methods, or the attributes of its Configurator. Read in the sources of the
 * plugins: kubernetes 4423, gitea 273, matrix-auth 3.2.8, oic-auth 4.715, mailer (August 2026), credentials 1511, and of Jenkins' core.
 * Jenkins publishes a schema of all this only while it runs. An unknown attribute keeps it from starting.
 */
export const ATTRIBUTES: Readonly<Record<string, string>> = {
  securityRealm: 'local oic',
  'securityRealm.local': 'allowsSignup captchaSupport enableCaptcha users',
  'securityRealm.oic':
    'allowTokenAccessWithoutOicSession clientId clientSecret disableSslVerification emailFieldName fullNameFieldName ' +
    'groupIdStrategy groupsFieldName logoutFromOpenidProvider postLogoutRedirectUrl properties rootURLFromRequest ' +
    'sendScopesInTokenRequest serverConfiguration tokenExpirationCheckDisabled tokenFieldToCheckKey tokenFieldToCheckValue ' +
    'userIdStrategy userNameField',
  'securityRealm.oic.serverConfiguration': 'manual wellKnown',
  'securityRealm.oic.serverConfiguration.wellKnown': 'scopesOverride wellKnownOpenIDConfigurationUrl',
  'securityRealm.oic.properties':
    'allowedTokenExpirationClockSkew escapeHatch loginQueryParameters logoutQueryParameters',
  'securityRealm.oic.properties.escapeHatch': 'group secret username',
  authorizationStrategy: 'globalMatrix',
  'authorizationStrategy.globalMatrix': 'entries',
  'authorizationStrategy.globalMatrix.entries': 'group user',
  'authorizationStrategy.globalMatrix.entries.user': 'name permissions',
  'authorizationStrategy.globalMatrix.entries.group': 'name permissions',
  globalNodeProperties: 'envVars',
  'globalNodeProperties.envVars': 'env',
  'globalNodeProperties.envVars.env': 'key value',
  clouds: 'kubernetes',
  'clouds.kubernetes':
    'name addMasterProxyEnvVars capOnlyOnAlivePods connectTimeout containerCapStr credentialsId defaultsProviderTemplate ' +
    'directConnection garbageCollection jenkinsTunnel jenkinsUrl jnlpregistry maxRequestsPerHost maxRequestsPerHostStr ' +
    'namespace podLabels podRetention readTimeout restrictedPssSecurityContext retentionTimeout serverCertificate serverUrl ' +
    'skipTlsVerify templates traits usageRestricted useJenkinsProxy waitForPodSec webSocket',
  'clouds.kubernetes.templates':
    'id activeDeadlineSeconds activeDeadlineSecondsStr agentContainer agentInjection alwaysPullImage annotations args ' +
    'capOnlyOnAlivePods command containers envVars hostNetwork idleMinutes idleMinutesStr imagePullSecrets inheritFrom ' +
    'inheritYamlMergeStrategy instanceCap instanceCapStr label name namespace nodeProperties nodeSelector nodeUsageMode ' +
    'podRetention privileged remoteFs resourceLimitCpu resourceLimitMemory resourceRequestCpu resourceRequestMemory ' +
    'runAsGroup runAsUser schedulerName serviceAccount showRawYaml slaveConnectTimeout slaveConnectTimeoutStr ' +
    'supplementalGroups volumes workspaceVolume yaml yamlMergeStrategy',
  system: 'domainCredentials',
  'system.domainCredentials': 'credentials domain',
  'system.domainCredentials.credentials': 'giteaAccessToken usernamePassword',
  'system.domainCredentials.credentials.giteaAccessToken': 'description id scope token',
  'system.domainCredentials.credentials.usernamePassword': 'description id password scope username usernameSecret',
  location: 'adminAddress url',
  giteaServers: 'servers',
  'giteaServers.servers': 'aliasUrl credentialsId displayName manageHooks serverUrl',
  mailer: 'authentication charset defaultSuffix replyToAddress smtpHost smtpPort useSsl useTls',
  'mailer.authentication': 'password username',
};

/** Attributes that nothing binds, as paths. Lists are looked into. */
export function unknownAttributes(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => unknownAttributes(element, path));
  if (typeof value !== 'object' || value === null) return [];
  const known = ATTRIBUTES[path]?.split(' ') ?? [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(known.includes(key) ? [] : [`${path}.${key}`]),
    ...unknownAttributes(inner, `${path}.${key}`),
  ]);
}
