import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDsrOption, dsrOption, readDsrOption } from '../../../../src/kubernetes/cilium/datapath/dsr.ts'
import { ipv4, parseIpv4 } from '../../../../src/wire/address.ts'
import { type Ipv4Packet, ipv4HeaderBytes, ipv4PacketBytes } from '../../../../src/wire/ipv4.ts'
import { TCP_FLAG } from '../../../../src/wire/tcp.ts'

const SERVICE = { address: parseIpv4('10.0.5.100')!, port: 80 }

function segment(flags: number): Ipv4Packet {
  return {
    kind: 'ipv4',
    source: parseIpv4('10.0.5.20')!,
    destination: parseIpv4('10.1.1.134')!,
    ttl: 64,
    tos: 0,
    identification: 1,
    dontFragment: true,
    options: [],
    payload: {
      kind: 'tcp',
      sourcePort: 39246,
      destinationPort: 80,
      sequence: 1,
      acknowledgment: 0,
      flags,
      window: 56760,
      options: { maximumSegmentSize: 9460, sackPermitted: true, timestamps: { value: 1, echo: 0 }, windowScale: 7 },
      payload: [],
      payloadBytes: 0,
    },
  }
}

function datagram(payloadBytes: number): Ipv4Packet {
  return { ...segment(0), payload: { kind: 'udp', sourcePort: 5000, destinationPort: 53, payloadBytes } }
}

describe('the DSR option', () => {
  it('for 10.0.5.100:80 is 9a 08 50 00 64 05 00 0a', () => {
    const { type, data } = dsrOption(SERVICE)
    const bytes = [type, data.length + 2, ...data].map(byte => byte.toString(16).padStart(2, '0')).join(' ')
    expect(bytes).toBe('9a 08 50 00 64 05 00 0a')
  })

  it('says the same when it is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 65535 }), (address, port) => {
        const packet = { ...segment(TCP_FLAG.syn), options: [dsrOption({ address: ipv4(address), port })] }
        expect(readDsrOption(packet)).toEqual({ address, port })
      }),
    )
  })

  it('makes the header 28 bytes and the SYN 68 bytes long', () => {
    const packet = addDsrOption(segment(TCP_FLAG.syn), SERVICE)!
    expect([ipv4HeaderBytes(packet), ipv4PacketBytes(packet)]).toEqual([28, 68])
  })

  it.each([
    ['a SYN', segment(TCP_FLAG.syn), 1],
    ['an ACK', segment(TCP_FLAG.ack), 0],
    ['a FIN', segment(TCP_FLAG.fin | TCP_FLAG.ack), 0],
    ['a UDP datagram', datagram(20), 1],
  ])('on %s occurs %s %i times', (_name, packet, count) => {
    expect(addDsrOption(packet, SERVICE)!.options).toHaveLength(count)
  })

  it('comes before options that are there', () => {
    const packet = { ...segment(TCP_FLAG.syn), options: [{ type: 148, data: [0, 0] }] }
    expect(addDsrOption(packet, SERVICE)!.options.map(option => option.type)).toEqual([0x9a, 148])
  })

  it('is refused when the header would exceed 60 bytes', () => {
    const packet = { ...segment(TCP_FLAG.syn), options: [{ type: 7, data: new Array<number>(37).fill(0) }] }
    expect(addDsrOption(packet, SERVICE)).toBeUndefined()
  })
})
