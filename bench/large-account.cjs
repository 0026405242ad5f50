// Preloaded into the sandbox of the curves: an account whose limit of droplets was raised, as DigitalOcean does on request.
require('tsx/cjs');

require('#sandbox/cloud/account/quotas').DEFAULT_QUOTAS.droplets = 1000;
