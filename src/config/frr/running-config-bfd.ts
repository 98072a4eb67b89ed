import type { BfdSettings } from '../../model/bfd.ts'
import { formatIpv4 } from '../../wire/address.ts'
import type { BfdDraft } from './draft.ts'

/** The `bfd` block as `show running-config` prints it: what differs from the defaults (measured on FRR 8.4.4). */
export function formatBfd({ profiles, peers }: BfdDraft): readonly string[] {
  const entry = (head: string, settings: BfdSettings): readonly string[] => [
    ` ${head}`,
    ...settingLines(settings).map(line => `  ${line}`),
    ' exit',
    ' !',
  ]
  return [
    'bfd',
    ...[...profiles].flatMap(([name, settings]) => entry(`profile ${name}`, settings)),
    ...[...peers].flatMap(([address, settings]) => entry(`peer ${formatIpv4(address)}`, settings)),
    'exit',
  ]
}

function settingLines({ detectMultiplier, transmitMs, receiveMs, profile, shutdown }: BfdSettings): readonly string[] {
  return [
    ...(profile === undefined ? [] : [`profile ${profile}`]),
    ...(shutdown === true ? ['shutdown'] : []),
    ...(detectMultiplier === undefined || detectMultiplier === 3 ? [] : [`detect-multiplier ${detectMultiplier}`]),
    ...(transmitMs === undefined || transmitMs === 300 ? [] : [`transmit-interval ${transmitMs}`]),
    ...(receiveMs === undefined || receiveMs === 300 ? [] : [`receive-interval ${receiveMs}`]),
  ]
}
