/** Uniform resource names, by which projects hold things. */

export const urn = {
  droplet: (id: number) => `do:droplet:${id}`,
  loadBalancer: (id: string) => `do:loadbalancer:${id}`,
  volume: (id: string) => `do:volume:${id}`,
  domain: (name: string) => `do:domain:${name}`,
  space: (name: string) => `do:space:${name}`,
  vpc: (id: string) => `do:vpc:${id}`,
  /** As the provider names it. */
  reservedIp: (ip: string) => `do:reservedip:${ip}`,
  /** As projects name it, whatever name they were given (provider issues 1031 and 1264). */
  floatingIp: (ip: string) => `do:floatingip:${ip}`,
} as const;
