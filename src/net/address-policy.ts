// Which IP addresses a connection may have. Must not resolve names or open connections.
import { BlockList, isIP } from 'node:net';

/** Whether a connection to an address is allowed. */
export type AddressPolicy = (address: string) => boolean;

const blockList = (ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
};

/** Never a FHIR server or key server: unspecified, link-local, cloud metadata, multicast, reserved, tunnels. RFC 6890. */
const NEVER = blockList([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '100.100.100.200',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32',
  '2001::/32',
  '2002::/16',
]);

/** Inside a machine or an organisation; allowed only where the registry says so. */
const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::1',
  'fc00::/7',
  'fec0::/10',
  '64:ff9b::/96',
  '2001:db8::/32',
]);

/** The addresses of this machine itself. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1'];

const contains = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an address is one that nothing may ever connect to. */
export const isNeverAllowed = (address: string): boolean => contains(NEVER, address);

/** Whether a text is an IP address or a CIDR range. */
export const isAddressRange = (text: string): boolean => {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
};

/** Whether a host name means this machine only. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/** The address a host name spells out; undefined for a name that has to be resolved. */
export const literalAddress = (hostname: string): string | undefined => {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) > 0 ? bare : undefined;
};

/**
 * The policy of one registered client.
 * @param ranges - the only addresses its servers may have; empty: every public address, and those its hosts spell out
 * @param hostnames - hosts of its registered URLs: a literal address or `localhost` speaks for itself
 */
export const createAddressPolicy = (
  ranges: readonly string[],
  hostnames: readonly string[],
): AddressPolicy => {
  const spelled = hostnames.flatMap((host) => literalAddress(host) ?? []);
  const named = hostnames.includes('localhost') ? LOOPBACK : [];
  const listed = blockList(ranges.length > 0 ? ranges : [...spelled, ...named]);
  return (address) => {
    const bare = address.replace(/%.*$/, '');
    if (isIP(bare) === 0 || contains(NEVER, bare)) return false;
    if (contains(listed, bare)) return true;
    return ranges.length === 0 && !contains(PRIVATE, bare);
  };
};
