/** What containerd gives every container of a pod before the pod's own settings: its defaults, and the sandbox's authority. */

const CAPABILITIES = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP'],
  ...['NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
].map((name) => `CAP_${name}`);
const MASKED = [
  ...['acpi', 'asound', 'kcore', 'keys', 'latency_stats', 'timer_list', 'timer_stats', 'sched_debug', 'scsi'].map(
    (name) => `/proc/${name}`,
  ),
  ...['/sys/firmware', '/sys/devices/virtual/powercap'],
];
const READ_ONLY = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'].map((name) => `/proc/${name}`);
/** Where images of Debian and Alpine have it, and programs written in Go look first. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * As containerd's pkg/oci/spec.go has it, without the limits of resources, which Kubernetes leaves out. One more mount: the
 * authorities that the machine trusts, so that a vendor's name may lead to the sandbox.
 *
 * @returns the file that `base_runtime_spec` in containerd's settings names
 */
export function containerSpec(): string {
  const caps = { bounding: CAPABILITIES, effective: CAPABILITIES, permitted: CAPABILITIES };
  return JSON.stringify({
    ociVersion: '1.2.0',
    root: { path: 'rootfs' },
    process: { user: { uid: 0, gid: 0 }, cwd: '/', noNewPrivileges: true, capabilities: caps },
    mounts: [
      mount('/proc', 'proc', 'proc', ['nosuid', 'noexec', 'nodev']),
      mount('/dev', 'tmpfs', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
      mount('/dev/pts', 'devpts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
      mount('/dev/shm', 'tmpfs', 'shm', ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k']),
      mount('/dev/mqueue', 'mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
      mount('/sys', 'sysfs', 'sysfs', ['nosuid', 'noexec', 'nodev', 'ro']),
      mount(AUTHORITIES, 'bind', AUTHORITIES, ['bind', 'ro', 'nosuid', 'nodev', 'noexec']),
    ],
    linux: {
      cgroupsPath: '/default',
      maskedPaths: MASKED,
      readonlyPaths: READ_ONLY,
      namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
      resources: { devices: [{ allow: false, access: 'rwm' }] },
    },
  });
}

function mount(destination: string, type: string, source: string, options: readonly string[]): object {
  return { destination, type, source, options };
}
