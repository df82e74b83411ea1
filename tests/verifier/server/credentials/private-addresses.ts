/** Ways to write an address that leads inside, and where each comes from. */

export interface PrivateSpelling {
  /** Host of a URL, as somebody would write it there. */
  readonly host: string;
  readonly why: string;
}

const spell = (why: string, ...hosts: readonly string[]): readonly PrivateSpelling[] => hosts.map((host) => ({ host, why }));

/** All of them stand for an address of this machine, of its network, or of nobody (IANA special-purpose registries). */
export const PRIVATE_SPELLINGS: readonly PrivateSpelling[] = [
  ...spell('loopback, RFC 1122', '127.0.0.1', '127.0.0.2', '127.255.255.254', '127.1', '127.0.1'),
  ...spell('loopback, WHATWG URL number forms', '0x7f.0.0.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1', '0x7F.1', '127.0.0.0x1', '0300.0250.0.1', '3232235521'),
  ...spell('loopback, full-width and other digits that IDNA maps', '１２７.0.0.1', '①②⑦.0.0.1', '127。0。0。1', '127．0．0．1'),
  ...spell('loopback, percent-encoded or with a dot behind it', '%31%32%37.0.0.1', '127.0.0.1.', '127%2e0%2e0%2e1'),
  ...spell('this host, RFC 1122', '0.0.0.0', '0', '0.1.2.3'),
  ...spell('private, RFC 1918', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'),
  ...spell('shared, RFC 6598', '100.64.0.1', '100.127.255.255'),
  ...spell('link-local and cloud metadata, RFC 3927', '169.254.0.1', '169.254.169.254', '0xA9FEA9FE', '2852039166'),
  ...spell('protocol assignments and documentation, RFC 6890', '192.0.0.1', '192.0.2.1', '198.51.100.7', '203.0.113.7', '192.88.99.1', '198.18.0.1', '198.19.255.255'),
  ...spell('multicast, reserved, broadcast', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'),
  ...spell('IPv6 loopback and unspecified, RFC 4291', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::]', '[::0001]'),
  ...spell('IPv4 in IPv6: mapped, compatible, translated', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::FFFF:10.0.0.1]', '[0:0:0:0:0:ffff:7f00:0001]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]', '[::ffff:169.254.169.254]'),
  ...spell('NAT64, RFC 6052 and 8215', '[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]'),
  ...spell('6to4, Teredo, ISATAP', '[2002:7f00:1::]', '[2002:c0a8:1::1]', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]', '[2606:4700::5efe:7f00:1]', '[2606:4700::200:5efe:10.0.0.1]'),
  ...spell('unique local, link-local, site-local', '[fc00::1]', '[fd12:3456:789a::1]', '[fe80::1]', '[febf::1]', '[fec0::1]'),
  ...spell('multicast, documentation, discard, ORCHID', '[ff02::1]', '[ff0e::1]', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[2001:10::1]', '[2001:20::1]', '[5f00::1]'),
];

/** Names that systems give to this machine; a resolver answers them with an address of above. */
export const PRIVATE_NAMES: readonly string[] = ['localhost', 'LOCALHOST', 'localhost.', 'loca\tlhost', 'foo.localhost', 'localtest.me', 'ip6-localhost', 'metadata.google.internal', '127.0.0.1.nip.io'];
