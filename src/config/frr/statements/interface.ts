import type { Statement } from '../statement.ts'

export const interfaceStatements: readonly Statement[] = [
  {
    node: 'config',
    syntax: 'interface <name:word> [vrf <vrf:word>]',
    apply(context, values) {
      const name = values.text('name')
      if (values.has('vrf') && values.text('vrf') !== 'default') {
        context.enterForeign(`interface ${name} in VRF ${values.text('vrf')}`, 'protocol')
        return
      }
      const known = context.draft.interfaces.get(name)
      const draft = known ?? { name, addresses: [], shutdown: false, source: context.source }
      context.draft.interfaces.set(name, draft)
      context.enterInterface(draft)
    },
  },
  {
    node: 'interface',
    syntax: 'ip address <address:interface-address> [label <label:word>]',
    no: 'ip address <address:interface-address> [label <label:word>]',
    apply(context, values) {
      const { addresses } = context.interface
      const { address, length } = values.address('address')
      const at = addresses.findIndex(known => known.address === address && known.length === length)
      if (values.isNegated) {
        if (at < 0) {
          context.refuse("% Can't find address")
          return
        }
        addresses.splice(at, 1)
      } else if (at < 0) {
        addresses.push({ address, length })
      }
    },
  },
  {
    node: 'interface',
    syntax: 'description <text:rest>',
    no: 'description [<text:rest>]',
    apply(context, values) {
      context.interface.description = values.isNegated ? undefined : values.text('text')
    },
  },
  {
    node: 'interface',
    syntax: 'shutdown',
    no: 'shutdown',
    apply(context, values) {
      context.interface.shutdown = !values.isNegated
    },
  },
  { node: 'interface', syntax: 'link-detect', no: 'link-detect', apply: () => {} },
  { node: 'interface', syntax: 'multicast', no: 'multicast', apply: () => {} },
  {
    node: 'interface',
    syntax: 'bandwidth <megabits:number 1-100000000>',
    no: 'bandwidth [<megabits:number 1-100000000>]',
    apply: () => {},
  },
]
