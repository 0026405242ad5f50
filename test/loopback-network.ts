/**
 * A /16 of the loopback range for this test process, past those of sandboxes (sandbox/place/loopback.ts): by process id, so
 * that neither workers of one run nor two runs on a machine meet.
 */
export const LOOPBACK_NETWORK = `127.${200 + (process.pid % 50)}`;
