/** @returns the address of the Service `kubernetes`: the first of the range, which is given like 10.43.0.0/16 */
export function firstServiceAddress(serviceCidr: string): string {
  const [network = ''] = serviceCidr.split('/');
  const octets = network.split('.').map(Number);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + 1].join('.');
}
