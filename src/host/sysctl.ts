import type { Interface } from './interface.ts'
import { failure, OK, type Result } from './result.ts'
import {
  DEVICE_DEFAULTS,
  type DeviceSetting,
  type DeviceSettings,
  IPV4_DEFAULTS,
  IPV6_DEVICE_DEFAULTS,
  type Ipv4Setting,
  type Ipv4Settings,
  LIMITS,
  NEIGHBOR_DEFAULTS,
  type NeighborSetting,
  type NeighborSettings,
  OTHER_DEFAULTS,
} from './sysctl-definitions.ts'

/** The settings of one name below `conf`: a device, `all` or `default`. */
interface DeviceEntry {
  readonly settings: DeviceSettings
  readonly neighbor: NeighborSettings
  readonly ipv6: Record<string, number>
  /** Settings that `default` no longer changes: written here, or all once the device had an address. */
  own: Set<string> | undefined
  hasHadAddress: boolean
}

/** Where a key of text form leads. */
interface Place {
  read(): string
  write(text: string): Result
}

/**
 * `/proc/sys/net` of one network namespace. The stack reads integers (`sysctl.ipv4.ip_forward`,
 * `interface.settings.rp_filter`); commands use the text form (`get`, `set`), which has the kernel's side effects:
 * `ip_forward` sets every device's forwarding, `conf.default` reaches devices that never had an address.
 * Keys are dotted; a dot inside a device name is written as a slash (`net.ipv4.conf.eth1/100.rp_filter`).
 */
export class Sysctl {
  /** `net.ipv4.*`, numbers. */
  readonly ipv4: Ipv4Settings = { ...IPV4_DEFAULTS }
  /** `net.ipv4.conf.all.*`. */
  readonly all: DeviceSettings
  /** Rises with every change. */
  version = 0
  /** Told of each change, with the key as the kernel lists it. */
  onChange: (key: string) => void = () => {}
  readonly #other = new Map(Object.entries(OTHER_DEFAULTS))
  readonly #devices = new Map<string, DeviceEntry>()

  constructor() {
    this.all = this.#addEntry('all').settings
    this.#addEntry('default')
  }

  /** The value as `/proc/sys` shows it, without the line end; undefined when there is no such file. */
  get(key: string): string | undefined {
    return this.#place(key)?.read()
  }

  /** Writes a value. ENOENT: no such key; EINVAL: not a number or out of range; EACCES: it is read-only. */
  set(key: string, text: string): Result {
    const place = this.#place(key)
    if (place === undefined) return failure('ENOENT')
    const result = place.write(text.trim())
    if (result.ok) {
      this.version += 1
      this.onChange(key)
    }
    return result
  }

  /** Integer value of a key (the first number when it has several); undefined when there is none. `device` fills `conf.<device>`. */
  number(key: string, device?: string): number | undefined {
    const text = this.get(device === undefined ? key : key.replace('<device>', device.replaceAll('.', '/')))
    if (text === undefined) return undefined
    const value = Number.parseInt(text, 10)
    return Number.isNaN(value) ? undefined : value
  }

  /** All keys, sorted, as `sysctl -a` lists them. */
  keys(): readonly string[] {
    const keys = [...this.#other.keys(), ...Object.keys(IPV4_DEFAULTS).map(name => `net.ipv4.${name}`)]
    for (const name of this.#devices.keys()) {
      const device = name.replaceAll('.', '/')
      if (name !== 'all') for (const key of Object.keys(NEIGHBOR_DEFAULTS)) keys.push(`net.ipv4.neigh.${device}.${key}`)
      for (const key of Object.keys(DEVICE_DEFAULTS)) keys.push(`net.ipv4.conf.${device}.${key}`)
      for (const key of Object.keys(IPV6_DEVICE_DEFAULTS)) keys.push(`net.ipv6.conf.${device}.${key}`)
    }
    return keys.sort()
  }

  /** max(all, device), the rule of arp_announce, arp_ignore and rp_filter. */
  maximum(device: Interface, name: DeviceSetting): number {
    return Math.max(this.all[name], device.settings[name])
  }

  /** all or device, the rule of send_redirects and its like. */
  either(device: Interface, name: DeviceSetting): boolean {
    return this.all[name] !== 0 || device.settings[name] !== 0
  }

  /** Makes the settings of a new device: a copy of `default`. */
  addDevice(name: string): { readonly settings: DeviceSettings; readonly neighbor: NeighborSettings } {
    return this.#addEntry(name)
  }

  removeDevice(name: string): void {
    this.#devices.delete(name)
  }

  renameDevice(name: string, newName: string): void {
    const entry = this.#devices.get(name)
    if (entry === undefined) return
    this.#devices.delete(name)
    this.#devices.set(newName, entry)
  }

  /** From its first address on a device keeps its settings when `default` changes (ipv4_devconf_setall). */
  keepOwnSettings(name: string): void {
    const entry = this.#devices.get(name)
    if (entry !== undefined) entry.hasHadAddress = true
  }

  #addEntry(name: string): DeviceEntry {
    const model = this.#devices.get('default')
    const isLoopback = name === 'lo'
    const entry: DeviceEntry = {
      settings: changedFrom(DEVICE_DEFAULTS, model?.settings),
      neighbor: changedFrom(NEIGHBOR_DEFAULTS, model?.neighbor),
      ipv6: changedFrom<Record<string, number>>(IPV6_DEVICE_DEFAULTS, model?.ipv6),
      own: undefined,
      hasHadAddress: false,
    }
    if (isLoopback) entry.ipv6.accept_dad = -1
    if (isLoopback) entry.settings.disable_policy = 1
    if (isLoopback) entry.settings.disable_xfrm = 1
    this.#devices.set(name, entry)
    return entry
  }

  #place(key: string): Place | undefined {
    const conf = /^net\.(ipv4|ipv6)\.(conf|neigh)\.([^.]+)\.(\w+)$/.exec(key)
    if (conf !== null) return this.#devicePlace(key, conf[1]!, conf[2]!, conf[3]!.replaceAll('/', '.'), conf[4]!)
    const short = key.startsWith('net.ipv4.') ? key.slice('net.ipv4.'.length) : undefined
    if (short !== undefined && Object.hasOwn(IPV4_DEFAULTS, short)) return this.#ipv4Place(key, short as Ipv4Setting)
    if (!this.#other.has(key)) return undefined
    return { read: () => this.#other.get(key)!, write: text => this.#writeOther(key, text) }
  }

  #ipv4Place(key: string, name: Ipv4Setting): Place {
    return {
      read: () => String(this.ipv4[name]),
      write: text => {
        const value = parseNumber(key, text)
        if (value === undefined) return failure('EINVAL')
        this.ipv4[name] = value
        if (name === 'ip_forward') this.#setForwarding(value)
        return OK
      },
    }
  }

  #devicePlace(key: string, family: string, table: string, device: string, name: string): Place | undefined {
    const entry = this.#devices.get(device)
    if (entry === undefined || (table === 'neigh' && (device === 'all' || family === 'ipv6'))) return undefined
    const [values, defaults]: readonly [Record<string, number>, object] =
      table === 'neigh'
        ? [entry.neighbor, NEIGHBOR_DEFAULTS]
        : family === 'ipv6'
          ? [entry.ipv6, IPV6_DEVICE_DEFAULTS]
          : [entry.settings, DEVICE_DEFAULTS]
    if (!Object.hasOwn(defaults, name)) return undefined
    return {
      read: () => String(values[name]),
      write: text => {
        const value = parseNumber(key, text)
        if (value === undefined) return failure('EINVAL')
        if (table === 'neigh') this.#writeNeighbor(device, name as NeighborSetting, value)
        else if (family === 'ipv6') this.#writeIpv6(device, name, value)
        else this.#writeDevice(device, entry, name as DeviceSetting, value)
        return OK
      },
    }
  }

  #writeDevice(device: string, entry: DeviceEntry, name: DeviceSetting, value: number): void {
    entry.settings[name] = value
    entry.own = (entry.own ?? new Set()).add(name)
    if (device === 'all' && name === 'forwarding') {
      this.ipv4.ip_forward = value
      this.#setForwarding(value)
    }
    if (device !== 'default') return
    for (const other of this.#devices.values()) {
      if (other.settings !== this.all && !other.hasHadAddress && other.own?.has(name) !== true)
        other.settings[name] = value
    }
  }

  /** The pairs that show one value in two units. */
  #writeNeighbor(device: string, name: NeighborSetting, value: number): void {
    const write = (settings: NeighborSettings): void => {
      settings[name] = value
      if (name === 'base_reachable_time') settings.base_reachable_time_ms = value * 1000
      if (name === 'base_reachable_time_ms') settings.base_reachable_time = Math.floor(value / 1000)
      if (name === 'retrans_time') settings.retrans_time_ms = value * 10
      if (name === 'retrans_time_ms') settings.retrans_time = Math.floor(value / 10)
      if (name === 'unres_qlen') settings.unres_qlen_bytes = value * UNRESOLVED_PACKET_BYTES
      if (name === 'unres_qlen_bytes') settings.unres_qlen = Math.floor(value / UNRESOLVED_PACKET_BYTES)
    }
    const entry = this.#devices.get(device)!
    write(entry.neighbor)
    entry.own = (entry.own ?? new Set()).add(`neigh.${name}`)
    if (device !== 'default') return
    for (const other of this.#devices.values()) {
      if (!other.hasHadAddress && other.own?.has(`neigh.${name}`) !== true) write(other.neighbor)
    }
  }

  #writeIpv6(device: string, name: string, value: number): void {
    this.#devices.get(device)!.ipv6[name] = value
    const reachesAll = device === 'all' && (name === 'disable_ipv6' || name === 'forwarding')
    if (reachesAll) for (const entry of this.#devices.values()) entry.ipv6[name] = value
  }

  /** inet_forward_change: all devices and the default follow; hosts accept redirects, routers do not. */
  #setForwarding(value: number): void {
    const on = value === 0 ? 0 : 1
    for (const entry of this.#devices.values()) entry.settings.forwarding = on
    this.all.accept_redirects = 1 - on
  }

  #writeOther(key: string, text: string): Result {
    if (key === 'net.ipv4.tcp_available_congestion_control') return failure('EACCES')
    const fields = OTHER_DEFAULTS[key]!.split('\t').length
    const isNumeric = /^-?\d+(\t-?\d+)*$/.test(OTHER_DEFAULTS[key]!)
    const words = text.split(/\s+/)
    if (isNumeric && (words.length > fields || words.some(word => !/^-?\d+$/.test(word)))) return failure('EINVAL')
    const old = this.#other.get(key)!.split('\t')
    this.#other.set(key, isNumeric ? [...words, ...old.slice(words.length)].join('\t') : text)
    return OK
  }
}

/**
 * Settings that are the kernel's but for what the model has otherwise. What nobody changed lies in the prototype: a large
 * fabric has tens of thousands of devices with some eighty settings each.
 */
function changedFrom<Settings extends object>(defaults: Settings, model: Settings | undefined): Settings {
  return Object.assign(Object.create(defaults) as Settings, model)
}

/** Buffer space of a queued packet by which `unres_qlen` counts: SKB_TRUESIZE(ETH_FRAME_LEN) on 64-bit machines. */
const UNRESOLVED_PACKET_BYTES = 2106

function parseNumber(key: string, text: string): number | undefined {
  if (!/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined
  const value = Number(text.startsWith('-') ? -Number(text.slice(1)) : text)
  const [lowest, highest] = LIMITS[key] ?? [-0x80000000, 0x7fffffff]
  return value < lowest || value > highest ? undefined : value
}
