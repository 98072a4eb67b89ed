import type { BfdSettings } from '../../../model/bfd.ts'
import type { Statement, StatementContext } from '../statement.ts'

/** The block `bfd` with its profiles and peers. Source: bfdd/bfdd_cli.c. */
export const bfdStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: 'bfd',
    no: 'bfd',
    apply(context, values) {
      if (values.isNegated) context.draft.bfd = undefined
      else context.enterBfd()
    },
  },
  {
    node: 'bfd',
    syntax: 'profile <name:word>',
    no: 'profile <name:word>',
    apply(context, values) {
      const profiles = context.draft.bfd?.profiles
      if (profiles === undefined) return
      const name = values.text('name')
      if (values.isNegated) profiles.delete(name)
      else enter(context, profiles, name)
    },
  },
  {
    node: 'bfd',
    syntax: 'peer <address:ipv4> [{local-address <local:ipv4>|interface <interface:word>|vrf default}]',
    no: 'peer <address:ipv4> [{local-address <local:ipv4>|interface <interface:word>|vrf default}]',
    apply(context, values) {
      const peers = context.draft.bfd?.peers
      if (peers === undefined) return
      const address = values.ipv4('address')
      if (values.isNegated) peers.delete(address)
      else enter(context, peers, address)
    },
  },
  number('detect-multiplier', '1-255', 'detectMultiplier'),
  number('receive-interval', '10-60000', 'receiveMs'),
  number('transmit-interval', '10-60000', 'transmitMs'),
  {
    node: 'bfd-entry',
    syntax: 'profile <name:word>',
    no: 'profile [<name:word>]',
    apply: (context, values) => change(context, 'profile', values.isNegated ? undefined : values.text('name')),
  },
  {
    node: 'bfd-entry',
    syntax: 'shutdown',
    no: 'shutdown',
    apply: (context, values) => change(context, 'shutdown', values.isNegated ? undefined : true),
  },
  ...['echo-mode', 'passive-mode', 'minimum-ttl <value:word>', 'echo <what:rest>', 'echo-interval <value:word>'].map(
    (syntax): Statement => ({
      node: 'bfd-entry',
      syntax,
      no: syntax,
      apply(context, values) {
        if (!values.isNegated) context.unmodelled(`bfd … ${values.line}`)
      },
    }),
  ),
]

function enter<Key>(context: StatementContext, entries: Map<Key, BfdSettings>, key: Key): void {
  if (!entries.has(key)) entries.set(key, {})
  context.enterBfdEntry({ get: () => entries.get(key) ?? {}, set: settings => entries.set(key, settings) })
}

function number(words: string, range: string, key: 'detectMultiplier' | 'receiveMs' | 'transmitMs'): Statement {
  return {
    node: 'bfd-entry',
    syntax: `${words} <value:number ${range}>`,
    no: `${words} [<value:number ${range}>]`,
    apply: (context, values) => change(context, key, values.isNegated ? undefined : values.number('value')),
  }
}

function change<Key extends keyof BfdSettings>(context: StatementContext, key: Key, value: BfdSettings[Key]): void {
  const { [key]: _, ...rest } = context.bfdEntry.get()
  context.bfdEntry.set(value === undefined ? rest : { ...rest, [key]: value })
}
