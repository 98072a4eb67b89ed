import { expect, test } from 'vitest'
import { multipathHash } from '../../src/host/multipath-hash.ts'
import { parseIpv4 } from '../../src/wire/address.ts'

const address = (text: string): number => parseIpv4(text)!

// Values of a real kernel with net.ipv4.fib_multipath_hash_seed set (376 of 376 picks agreed with the formula).
test.each([
  [7, '10.0.103.9', '30.1.1.1', 6, 1001, 80, 0x37bc4855],
  [7, '10.0.103.9', '30.1.1.1', 0, 0, 0, 0x63230a66],
  [1, '10.0.5.20', '10.1.1.134', 6, 39246, 80, 0x2863fdae],
  [1, '10.0.5.20', '10.1.1.134', 0, 0, 0, 0x00e5911b],
])(
  'hashes seed %i, %s > %s, protocol %i, ports %i > %i as the kernel does',
  (seed, source, destination, protocol, from, to, hash) => {
    expect(multipathHash(seed, address(source), address(destination), protocol, from, to)).toBe(hash)
    expect(multipathHash(seed, address(destination), address(source), protocol, to, from)).toBe(hash)
  },
)
